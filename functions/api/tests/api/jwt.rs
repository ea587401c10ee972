//! Tokens of a hosted sign-in: which let in, which do not, and when keys are fetched.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Body;
use bulkhead_api::auth::jwt::Jwt;
use bulkhead_api::{Api, Hosts, Identity};
use bulkhead_engine::testing::memory::ManualClock;
use bulkhead_shared::api::SignIn;
use bulkhead_shared::problem::Code;
use futures::executor::block_on;
use futures::future::join_all;
use http::Request;
use http::header::{AUTHORIZATION, COOKIE};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::issuer::{CLIENT, ISSUER, Issuer, KEYS, claims, published, signed, token};
use crate::quiet::logged;
use crate::world::{World, nobody, send, with_json};

/// `{"alg":"none","typ":"JWT","kid":"first"}`
const UNSIGNED: &str = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIiwia2lkIjoiZmlyc3QifQ";

struct Door {
    clock: Arc<ManualClock>,
    issuer: Arc<Issuer>,
    identity: Jwt,
}

impl Door {
    fn new() -> Self {
        let clock = Arc::new(ManualClock::default());
        let issuer = Issuer::new();
        let identity = issuer.identity(clock.clone());
        Self {
            clock,
            issuer,
            identity,
        }
    }

    /// Who is let in with this token; an error if that cannot be told.
    async fn asks(&self, token: &str) -> Result<Option<String>, ()> {
        let request = Request::builder().header(AUTHORIZATION, format!("Bearer {token}"));
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let user = self.identity.user(&parts).await;
        user.map(|user| user.map(String::from)).map_err(|_| ())
    }

    fn opens(&self, token: &str) -> Result<Option<String>, ()> {
        block_on(self.asks(token))
    }

    fn good(&self) -> String {
        token("ann", self.clock.as_ref())
    }

    /// The good claims, changed.
    fn with(&self, name: &str, value: Value) -> Value {
        let mut claims = claims("ann", self.clock.as_ref());
        claims[name] = value;
        claims
    }

    fn without(&self, name: &str) -> Value {
        let mut claims = claims("ann", self.clock.as_ref());
        claims.as_object_mut().unwrap().remove(name);
        claims
    }

    fn now(&self) -> i64 {
        use bulkhead_engine::ports::Clock;
        self.clock.now().as_second()
    }
}

fn ann() -> Result<Option<String>, ()> {
    Ok(Some("ann".to_owned()))
}

#[test]
fn a_good_token_lets_its_subject_in() {
    let door = Door::new();
    assert_eq!(door.opens(&door.good()), ann());
    // Other issuers name the app in `aud`.
    for audience in [json!(CLIENT), json!(["another", CLIENT])] {
        let mut claims = door.without("client_id");
        claims["aud"] = audience;
        assert_eq!(door.opens(&signed("first", &KEYS[0], &claims)), ann());
    }
}

#[test]
fn a_token_counts_in_its_time_and_a_few_seconds_around() {
    let door = Door::new();
    let now = door.now();
    for (name, value, let_in) in [
        ("exp", now + 1, true),
        ("exp", now - 5, true),
        ("exp", now - 10, false),
        ("exp", now - 3600, false),
        ("nbf", now, true),
        ("nbf", now + 5, true),
        ("nbf", now + 11, false),
    ] {
        let token = signed("first", &KEYS[0], &door.with(name, json!(value)));
        let opened = door.opens(&token);
        assert_eq!(
            opened == ann(),
            let_in,
            "{name} {}: {opened:?}",
            value - now
        );
    }
    let token = door.good();
    door.clock.advance(Duration::from_secs(3609));
    assert_eq!(door.opens(&token), ann());
    door.clock.advance(Duration::from_secs(1));
    assert_eq!(door.opens(&token), Ok(None));
}

#[test]
fn a_token_with_other_claims_opens_nothing() {
    let door = Door::new();
    for claims in [
        door.with("iss", json!("https://issuer.example/pool_2")),
        door.with("iss", json!(format!("{ISSUER}/"))),
        door.with("iss", json!([ISSUER, "https://evil.example"])),
        door.without("iss"),
        door.with("client_id", json!("client2")),
        door.without("client_id"),
        door.with("token_use", json!("id")),
        door.without("token_use"),
        door.without("exp"),
        door.with("exp", json!("tomorrow")),
        door.without("sub"),
        door.with("sub", json!("")),
        door.with("sub", json!("ann#1")),
    ] {
        let opened = door.opens(&signed("first", &KEYS[0], &claims));
        assert_eq!(opened, Ok(None), "{claims}");
    }
    // An id token: its audience is the app, it has no client_id.
    let mut id = door.without("client_id");
    id["aud"] = json!(CLIENT);
    id["token_use"] = json!("id");
    assert_eq!(door.opens(&signed("first", &KEYS[0], &id)), Ok(None));
    // Its audience does not make up for another app's client_id.
    let mut other = door.with("client_id", json!("client2"));
    other["aud"] = json!(CLIENT);
    assert_eq!(door.opens(&signed("first", &KEYS[0], &other)), Ok(None));
}

#[test]
fn a_forged_token_opens_nothing() {
    let door = Door::new();
    let good = door.good();
    let claims = claims("ann", door.clock.as_ref());
    let other_key = signed("first", &KEYS[1], &claims);
    assert_eq!(door.opens(&other_key), Ok(None));

    let [_, body, signature] = good.split('.').collect::<Vec<_>>()[..] else {
        panic!("a token has three parts");
    };
    let [header, _, _] = other_key.split('.').collect::<Vec<_>>()[..] else {
        panic!("a token has three parts");
    };
    let bob = token("bob", door.clock.as_ref());
    let bobs = bob.split('.').nth(1).unwrap();
    for token in [
        format!("{UNSIGNED}.{body}."),
        format!("{UNSIGNED}.{body}.{signature}"),
        format!("{header}.{bobs}.{signature}"),
        format!("{header}.{body}."),
        format!("{header}.{body}"),
        format!("{good}="),
        format!("{good} {good}"),
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "ann".to_owned(),
    ] {
        assert_eq!(door.opens(&token), Ok(None), "{token}");
    }
    assert_eq!(door.opens(&good), ann());
}

#[test]
fn the_public_key_is_no_shared_secret() {
    let door = Door::new();
    let public = published("first", &KEYS[0]);
    let secrets = [
        public["n"].as_str().unwrap().to_owned(),
        public.to_string(),
        String::new(),
    ];
    for secret in secrets {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some("first".to_owned());
        let key = EncodingKey::from_secret(secret.as_bytes());
        let token = encode(&header, &claims("ann", door.clock.as_ref()), &key).unwrap();
        assert_eq!(door.opens(&token), Ok(None));
    }
    assert_eq!(door.issuer.fetches(), 0, "not even worth asking for keys");
}

#[test]
fn a_token_without_a_keys_name_opens_nothing() {
    let door = Door::new();
    let claims = claims("ann", door.clock.as_ref());
    let token = encode(&Header::new(Algorithm::RS256), &claims, &KEYS[0]).unwrap();
    assert_eq!(door.opens(&token), Ok(None));
}

#[test]
fn keys_for_something_else_are_not_used_and_spoil_nothing() {
    let door = Door::new();
    let with = |name: &str, field: &str, value: Value| {
        let mut key = published(name, &KEYS[1]);
        key[field] = value;
        key
    };
    door.issuer.publish(vec![
        with("encrypts", "use", json!("enc")),
        with("longer", "alg", json!("RS512")),
        with("strange", "kty", json!("LATTICE")),
        json!({"kid": "shared", "kty": "oct", "k": "c2VjcmV0", "alg": "HS256"}),
        json!("nonsense"),
        published("first", &KEYS[0]),
    ]);
    let claims = claims("ann", door.clock.as_ref());
    for name in ["encrypts", "longer", "strange", "shared"] {
        assert_eq!(door.opens(&signed(name, &KEYS[1], &claims)), Ok(None));
    }
    assert_eq!(door.opens(&door.good()), ann());
}

#[test]
fn a_new_key_is_found_and_made_up_names_make_no_traffic() {
    let door = Door::new();
    assert_eq!(door.opens(&door.good()), ann());
    let claims = claims("ann", door.clock.as_ref());
    let second = signed("second", &KEYS[1], &claims);
    for made_up in 0..20 {
        let token = signed(&format!("made up {made_up}"), &KEYS[1], &claims);
        assert_eq!(door.opens(&token), Ok(None));
    }
    assert_eq!(door.issuer.fetches(), 1);

    door.issuer.publish(vec![
        published("first", &KEYS[0]),
        published("second", &KEYS[1]),
    ]);
    assert_eq!(door.opens(&second), Ok(None), "asked a moment ago");
    door.clock.advance(Duration::from_secs(60));
    assert_eq!(door.opens(&second), ann());
    assert_eq!(door.opens(&door.good()), ann());
    assert_eq!(door.issuer.fetches(), 2);

    // A key that was withdrawn is believed for an hour at the most.
    door.issuer.publish(vec![published("second", &KEYS[1])]);
    door.clock.advance(Duration::from_secs(3599));
    assert_eq!(door.opens(&door.good()), ann());
    door.clock.advance(Duration::from_secs(1));
    assert_eq!(door.opens(&door.good()), Ok(None));
    assert_eq!(door.issuer.fetches(), 3);
}

#[test]
fn without_the_issuer_known_keys_serve_on_and_nobody_is_called_a_stranger() {
    let door = Door::new();
    door.issuer.down.store(true, Ordering::SeqCst);
    assert_eq!(door.opens(&door.good()), Err(()));
    assert_eq!(door.opens(&door.good()), Err(()), "asked a moment ago");
    assert_eq!(door.issuer.fetches(), 1);
    door.clock.advance(Duration::from_secs(5));
    door.issuer.down.store(false, Ordering::SeqCst);
    assert_eq!(door.opens(&door.good()), ann());

    door.issuer.down.store(true, Ordering::SeqCst);
    door.clock.advance(Duration::from_secs(2 * 3600));
    assert_eq!(door.opens(&door.good()), ann());
    let claims = claims("ann", door.clock.as_ref());
    let other = signed("second", &KEYS[1], &claims);
    assert_eq!(door.opens(&other), Err(()));
    assert_eq!(door.issuer.fetches(), 3);
}

#[test]
fn many_at_once_make_one_fetch() {
    let door = Door::new();
    let good = door.good();
    let all = block_on(join_all((0..100).map(|_| door.asks(&good))));
    assert!(all.into_iter().all(|opened| opened == ann()));
    assert_eq!(door.issuer.fetches(), 1);

    door.issuer.down.store(true, Ordering::SeqCst);
    door.clock.advance(Duration::from_secs(3600));
    let good = door.good();
    let all = block_on(join_all((0..100).map(|_| door.asks(&good))));
    assert!(all.into_iter().all(|opened| opened == ann()));
    assert_eq!(door.issuer.fetches(), 2, "one that fails, too");
}

#[test]
fn a_deployed_api_takes_tokens_on_any_host_and_no_cookies() {
    let world = World::new(1);
    let issuer = Issuer::new();
    let clock = world.stage.clock.clone();
    let api = Api {
        hosts: Hosts::Any,
        ..Api::local(
            world.stage.ports.clone(),
            Arc::new(issuer.identity(clock.clone())),
        )
    };
    let router = bulkhead_api::router(api);
    let good = token("ann", clock.as_ref());
    let request = || Request::get("/api/v1/accounts").header("host", "d111.cloudfront.net");
    let ask = |request: http::request::Builder| send(&router, request.body(Body::empty()).unwrap());

    let bearer = request().header(AUTHORIZATION, format!("Bearer {good}"));
    assert_eq!(ask(bearer.header("origin", "null")).status, 200);
    for cookie in ["bulkhead_session", "token", "access_token"] {
        let answer = ask(request().header(COOKIE, format!("{cookie}={good}")));
        assert_eq!(answer.refused(), (Code::Unauthenticated, None));
        assert_eq!(
            answer.header("www-authenticate"),
            Some("Bearer realm=\"bulkhead\"")
        );
    }
    let page = Request::post("/sign-in").header("host", "x");
    let brought = with_json(page, &json!({ "code": good }));
    assert_eq!(send(&router, brought).refused().0, Code::Unauthenticated);

    let sign_in: SignIn = ask(nobody("GET", "/sign-in")).json();
    let hosted = SignIn::Hosted {
        authorize: "https://sign-in.example/oauth2/authorize".to_owned(),
        token: "https://sign-in.example/oauth2/token".to_owned(),
        logout: "https://sign-in.example/logout".to_owned(),
        client: CLIENT.to_owned(),
        scope: "openid".to_owned(),
    };
    assert_eq!(sign_in, hosted);
}

#[test]
fn while_the_issuer_is_down_the_answer_is_to_try_again() {
    let world = World::new(1);
    let issuer = Issuer::new();
    issuer.down.store(true, Ordering::SeqCst);
    let clock = world.stage.clock.clone();
    let identity = Arc::new(issuer.identity(clock.clone()));
    let router = bulkhead_api::router(Api::local(world.stage.ports.clone(), identity));
    let good = token("ann", clock.as_ref());
    let request = nobody("GET", "/accounts").header(AUTHORIZATION, format!("Bearer {good}"));
    let answer = send(&router, request.body(Body::empty()).unwrap());
    assert_eq!(answer.refused(), (Code::Unavailable, None));
    assert!(answer.header("retry-after").is_some());
    let answer = send(
        &router,
        nobody("GET", "/accounts").body(Body::empty()).unwrap(),
    );
    assert_eq!(answer.refused(), (Code::Unauthenticated, None));
}

#[test]
fn invariant_10_nothing_of_a_token_is_logged() {
    let text = logged(|| {
        let door = Door::new();
        let claims = door.with("exp", json!(0));
        let tokens = [
            token("zoe", door.clock.as_ref()),
            signed("first", &KEYS[1], &claims),
            signed("elsewhere", &KEYS[1], &claims),
        ];
        for token in &tokens {
            let _ = door.opens(token);
        }
        door.issuer.down.store(true, Ordering::SeqCst);
        door.clock.advance(Duration::from_secs(7200));
        for token in &tokens {
            let _ = door.opens(token);
        }
    });
    assert!(
        text.contains("Fetched") && text.contains("cannot be fetched"),
        "{text}"
    );
    for secret in ["eyJ", "zoe", "elsewhere", "b1c2", CLIENT] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}
