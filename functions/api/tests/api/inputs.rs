//! Paths, methods and parameters that are not right.

use bulkhead_shared::problem::Code;

use crate::world::{World, archive, inbox};

#[test]
fn what_is_no_route_is_not_found() {
    let world = World::new(1);
    for path in ["/nothing", "/nothing/here", "/jobs/", "", "/jobs/a/b/c"] {
        let problem = world.get(path).problem();
        assert_eq!(
            (problem.code, problem.detail),
            (Code::NotFound, None),
            "{path}"
        );
    }
    for uri in ["/", "/api", "/api/", "/api/v2/jobs", "/elsewhere"] {
        let request = http::Request::builder()
            .uri(uri)
            .header("host", "localhost");
        let answer = world.send(request.body(axum::body::Body::empty()).unwrap());
        assert_eq!(answer.refused(), (Code::NotFound, None), "{uri}");
    }
}

#[test]
fn a_wrong_method_says_which_are_right() {
    let world = World::new(1);
    for (method, path) in [
        ("DELETE", "/jobs"),
        ("PATCH", "/audit"),
        ("GET", "/accounts/test/test"),
    ] {
        let answer = world.ask(method, path);
        assert_eq!(
            answer.refused(),
            (Code::MethodNotAllowed, None),
            "{method} {path}"
        );
        assert!(answer.header("allow").is_some(), "{method} {path}");
    }
}

#[test]
fn a_bad_parameter_is_refused_with_its_field() {
    let world = World::new(4);
    let job = world.completed(archive(), inbox()).id;
    let account = &world.stage.account;
    for (path, field) in [
        ("/jobs?limit=0".to_owned(), "limit"),
        ("/jobs?limit=501".to_owned(), "limit"),
        ("/jobs?limit=x".to_owned(), "limit"),
        ("/jobs?limit=-1".to_owned(), "limit"),
        ("/jobs?limit=99999999999".to_owned(), "limit"),
        ("/jobs?state=busy".to_owned(), "state"),
        ("/jobs?cursor=nonsense".to_owned(), "cursor"),
        ("/jobs?limt=5".to_owned(), "limt"),
        ("/jobs?limit=5&limit=6".to_owned(), "limit"),
        ("/audit?limit=0".to_owned(), "limit"),
        ("/audit?cursor=nonsense".to_owned(), "cursor"),
        ("/audit?cursor=0".to_owned(), "cursor"),
        (format!("/jobs/{job}/items?outcome=good"), "outcome"),
        (format!("/jobs/{job}/items?cursor=nonsense"), "cursor"),
        (format!("/jobs/{job}/items?limit=0"), "limit"),
        (format!("/accounts/{account}/items?limit=0"), "limit"),
        (format!("/accounts/{account}/items?q=larger:very"), "q"),
        (format!("/accounts/{account}/items?q=%22open"), "q"),
    ] {
        let problem = world.get(&path).problem();
        let found = (problem.code, problem.field.as_deref());
        assert_eq!(found, (Code::Invalid, Some(field)), "{path} {problem:?}");
        assert!(problem.detail.is_some(), "{path}");
    }
    assert_eq!(
        world.get("/jobs?limit=&state=&cursor=").status,
        200,
        "empty is left out"
    );
}
