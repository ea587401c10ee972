//! One call of the API: where it is, what answers it, and how it is described. The description is made
//! only for the document: it takes longer than all the rest of a function's start.

use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter};
use http::Method;
use utoipa::Path;
use utoipa::openapi::HttpMethod;
use utoipa_axum::PathItemExt;
use utoipa_axum::router::UtoipaMethodRouter;

use crate::{Api, unknown, waiting};

/// A handler with what its `#[utoipa::path]` declares.
pub(crate) struct Route {
    /// Below the base of the API.
    pub(crate) path: String,
    methods: Vec<HttpMethod>,
    handle: fn(MethodRouter<Api>, MethodFilter) -> MethodRouter<Api>,
    describe: fn() -> UtoipaMethodRouter<Api>,
    /// Whether a mail server is waited for.
    waits: bool,
}

/// The route of a handler: `route!(list)`.
macro_rules! route {
    ($handler:ident) => {
        pastey::paste! {
            $crate::route::Route::of::<[<__path_ $handler>]>(
                |router, filter| router.on(filter, $handler),
                || utoipa_axum::routes!($handler),
            )
        }
    };
}
pub(crate) use route;

impl Route {
    /// Where `Declared` says. `handle` lets a router answer a method, `describe` makes the description.
    pub(crate) fn of<Declared: Path>(
        handle: fn(MethodRouter<Api>, MethodFilter) -> MethodRouter<Api>,
        describe: fn() -> UtoipaMethodRouter<Api>,
    ) -> Self {
        Self {
            path: Declared::path(),
            methods: Declared::methods(),
            handle,
            describe,
            waits: false,
        }
    }

    /// The same for a handler that waits for a mail server.
    pub(crate) fn waiting(self) -> Self {
        Self {
            waits: true,
            ..self
        }
    }

    /// What answers it below `base` in a function. One that does not serve it answers as if it did not
    /// exist, so that which methods a path knows is the same everywhere.
    pub(crate) fn answer(&self, api: &Api, base: &str) -> MethodRouter<Api> {
        let path = format!("{base}{}", self.path);
        let methods = self.methods.iter();
        methods.fold(MethodRouter::new(), |router, method| {
            let filter = method.to_method_filter();
            if !api.serves.has(&named(method), &path) {
                return router.on(filter, unknown);
            }
            let answered = (self.handle)(MethodRouter::new(), filter);
            router.merge(if self.waits {
                answered.route_layer(from_fn_with_state(api.clone(), waiting::admit))
            } else {
                answered
            })
        })
    }

    /// For the document.
    pub(crate) fn described(&self) -> UtoipaMethodRouter<Api> {
        (self.describe)()
    }
}

fn named(method: &HttpMethod) -> Method {
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Post => Method::POST,
        HttpMethod::Head => Method::HEAD,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Trace => Method::TRACE,
        HttpMethod::Delete => Method::DELETE,
        HttpMethod::Options => Method::OPTIONS,
    }
}
