//! Requests on their way through CloudFront, the authorizer and the routes to a function and back.

use std::collections::BTreeMap;
use std::time::Duration;

use bulkhead_cloud::gateway::{Behind, Gateway};
use bulkhead_cloud::sign_in::SignIn;
use bulkhead_cloud::template::Template;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::obedient;

struct World {
    gateway: Gateway,
    sign_in: SignIn,
    // The app's folder is gone with it.
    _app: tempfile::TempDir,
}

/// A template with one guarded and one open route, as SAM translates them.
fn template(client: &str) -> Template {
    let route = |key: &str, guarded: bool| {
        json!({"Type": "AWS::ApiGatewayV2::Route", "Properties": {
            "RouteKey": key,
            "AuthorizationType": if guarded { "JWT" } else { "NONE" },
            "Target": {"Fn::Join": ["/", ["integrations", {"Ref": "Integration"}]]}}})
    };
    let root = json!({"Resources": {
        "Guarded": route("POST /api/v1/jobs/{job}/confirm", true),
        "Open": route("GET /api/v1/sign-in", false),
        "Integration": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {
            "PayloadFormatVersion": "2.0",
            "IntegrationUri": {"Fn::Sub": "arn:aws:apigateway:functions/${Obedient.Arn}/invocations"}}},
        "Authorizer": {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": {
            "AuthorizerType": "JWT",
            "IdentitySource": ["$request.header.Authorization"],
            "JwtConfiguration": {
                "Audience": [{"Ref": "AppClient"}],
                "Issuer": {"Fn::Sub": "https://cognito-idp.${AWS::Region}.amazonaws.com/${UserPool}"}}}},
        "Distribution": {"Type": "AWS::CloudFront::Distribution", "Properties": {
            "DistributionConfig": {
                "CacheBehaviors": [{"PathPattern": "/api/*",
                    "AllowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]}],
                "DefaultCacheBehavior": {"ResponseHeadersPolicyId": {"Ref": "Headers"}}}}},
        "Headers": {"Type": "AWS::CloudFront::ResponseHeadersPolicy", "Properties": {
            "ResponseHeadersPolicyConfig": {"SecurityHeadersConfig": {
                "FrameOptions": {"FrameOption": "DENY", "Override": true}}}}},
    }});
    Template::new(root).with("AppClient", client)
}

impl World {
    async fn start() -> Self {
        let sign_in = SignIn::start().await;
        let function = obedient(8, Duration::from_secs(10));
        let app = tempfile::tempdir().unwrap();
        std::fs::write(app.path().join("index.html"), "<p>the app</p>").unwrap();
        let behind = Behind {
            functions: BTreeMap::from([("Obedient".to_owned(), function)]),
            issuer: sign_in.issuer(),
            sign_in: sign_in.address().to_owned(),
            app: Some(app.path().to_owned()),
        };
        let gateway = Gateway::start(&template(sign_in.client()), behind).await;
        Self {
            gateway,
            sign_in,
            _app: app,
        }
    }

    async fn send(&self, method: Method, path: &str, token: &str, body: Vec<u8>) -> Response {
        let url = format!("{}{path}", self.gateway.address());
        let request = bulkhead_cloud::http_client::plain()
            .request(method, url)
            .body(body);
        let request = match token {
            "" => request,
            token => request.bearer_auth(token),
        };
        let request = request
            .header("content-type", "application/json")
            .header("cookie", "x=1; y=2");
        request.send().await.unwrap()
    }

    async fn confirm(&self, token: &str) -> StatusCode {
        let path = "/api/v1/jobs/arc_1/confirm";
        self.send(Method::POST, path, token, b"{}".to_vec())
            .await
            .status()
    }
}

#[tokio::test]
async fn a_request_arrives_in_payload_format_2() {
    let world = World::start().await;
    let token = world.sign_in.token_for("alice");
    let path = "/api/v1/jobs/a%20b/confirm?q=x%20y&q=z";
    let answer = world
        .send(Method::POST, path, &token, r#"{"ä":1}"#.into())
        .await;
    let cookies = answer.headers().get_all("set-cookie").iter().count();
    assert_eq!((answer.status(), cookies), (StatusCode::OK, 2));
    let event: Value = answer.json().await.unwrap();
    assert_eq!(event["routeKey"], "POST /api/v1/jobs/{job}/confirm");
    assert_eq!(event["rawPath"], "/api/v1/jobs/a b/confirm");
    assert_eq!(event["rawQueryString"], "q=x%20y&q=z");
    assert_eq!(event["queryStringParameters"]["q"], "x y,z");
    assert_eq!(event["pathParameters"]["job"], "a b");
    assert_eq!(event["cookies"], json!(["x=1", "y=2"]));
    assert_eq!(event["body"], r#"{"ä":1}"#);
    assert_eq!(event["isBase64Encoded"], false);
    let context = &event["requestContext"];
    assert_eq!(context["http"]["method"], "POST");
    let claims = &context["authorizer"]["jwt"]["claims"];
    assert_eq!(claims["sub"], world.sign_in.subject("alice"));
    assert!(claims["exp"].is_string());
    assert!(event["headers"]["cookie"].is_null());
}

#[tokio::test]
async fn only_good_tokens_are_let_in() {
    let world = World::start().await;
    let sign_in = &world.sign_in;
    for bad in [
        String::new(),
        "nonsense".to_owned(),
        sign_in.expired_token_for("alice"),
        sign_in.forged_token_for("alice"),
        sign_in.unsigned_token_for("alice"),
        sign_in.token_for_another_app("alice"),
    ] {
        assert_eq!(world.confirm(&bad).await, StatusCode::UNAUTHORIZED, "{bad}");
    }
    assert_eq!(
        world.confirm(&sign_in.token_for("alice")).await,
        StatusCode::OK
    );
    sign_in.rotate_keys();
    assert_eq!(
        world.confirm(&sign_in.token_for("alice")).await,
        StatusCode::OK
    );
}

#[tokio::test]
async fn what_has_no_route_or_is_too_large_reaches_no_function() {
    let world = World::start().await;
    let token = world.sign_in.token_for("alice");
    let get = world
        .send(
            Method::GET,
            "/api/v1/jobs/arc_1/confirm",
            &token,
            Vec::new(),
        )
        .await;
    assert_eq!(get.status(), StatusCode::NOT_FOUND);
    let path = "/api/v1/jobs/arc_1/confirm";
    for size in [7_000_000, 11_000_000] {
        let large = world
            .send(Method::POST, path, &token, vec![b'x'; size])
            .await;
        assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE, "{size}");
    }
    let long = format!("{path}?{}", "x".repeat(11_000));
    let long = world.send(Method::POST, &long, &token, Vec::new()).await;
    assert_eq!(long.status(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
}

#[tokio::test]
async fn the_app_comes_with_the_headers_of_the_template() {
    let world = World::start().await;
    let page = world.send(Method::GET, "/jobs/arc_1", "", Vec::new()).await;
    assert_eq!(page.headers()["x-frame-options"], "DENY");
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(page.text().await.unwrap(), "<p>the app</p>");
    let missing = world.send(Method::GET, "/missing.js", "", Vec::new()).await;
    assert_eq!(missing.status(), StatusCode::FORBIDDEN);
    let posted = world.send(Method::POST, "/", "", Vec::new()).await;
    assert_eq!(posted.status(), StatusCode::FORBIDDEN);
    let open = world
        .send(Method::GET, "/api/v1/sign-in", "", Vec::new())
        .await;
    assert_eq!(open.status(), StatusCode::OK);
}
