use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use sha2::{Digest, Sha256};

use super::*;
use crate::http_client;

const APP: &str = "http://127.0.0.1:9";
const CALLBACK: &str = "http://127.0.0.1:9/signed-in";
const VERIFIER: &str = "a-verifier-that-is-long-enough-to-be-one-really";

async fn started() -> (SignIn, Client) {
    let sign_in = SignIn::start().await;
    sign_in.allow_app(APP);
    let client = http_client::builder().redirect(Policy::none());
    (sign_in, client.build().unwrap())
}

fn query(changes: &[(&str, &str)]) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", CALLBACK),
        ("scope", "openid"),
        ("state", "our-state"),
        ("nonce", "our-nonce"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    pairs.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    pairs.extend(changes);
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

async fn enter(sign_in: &SignIn, client: &Client, name: &str, password: &str) -> Response {
    let address = format!("{}/login?{}", sign_in.address(), query(&[]));
    let body = fields(&[("username", name), ("password", password)]);
    post(client, &address, body).await
}

async fn post(client: &Client, address: &str, body: String) -> Response {
    let form = "application/x-www-form-urlencoded";
    let request = client.post(address).header("content-type", form).body(body);
    request.send().await.unwrap()
}

fn fields(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

fn location(response: &Response) -> String {
    assert_eq!(response.status(), StatusCode::FOUND);
    response.headers()["location"].to_str().unwrap().to_owned()
}

/// A value in the query of the address that an answer leads to.
fn carried(response: &Response, name: &str) -> Option<String> {
    let location = location(response);
    let (_, query) = location.split_once('?')?;
    let mut pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
    pairs.find(|(key, _)| key == name).map(|(_, value)| value)
}

async fn exchange(sign_in: &SignIn, client: &Client, code: &str, verifier: &str) -> Response {
    let body = fields(&[
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT),
        ("redirect_uri", CALLBACK),
        ("code", code),
        ("code_verifier", verifier),
    ]);
    post(client, &format!("{}/oauth2/token", sign_in.address()), body).await
}

async fn renew(sign_in: &SignIn, client: &Client, token: &str) -> Response {
    let body = fields(&[
        ("grant_type", "refresh_token"),
        ("client_id", CLIENT),
        ("refresh_token", token),
    ]);
    post(client, &format!("{}/oauth2/token", sign_in.address()), body).await
}

async fn error(response: Response) -> String {
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let body: Value = response.json().await.unwrap();
    body["error"].as_str().unwrap().to_owned()
}

/// The claims, if the token holds for whoever asks the sign-in for its keys.
async fn checked(sign_in: &SignIn, token: &str) -> Option<Value> {
    let address = format!("{}/.well-known/jwks.json", sign_in.issuer());
    let keys: JwkSet = http_client::plain()
        .get(address)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let header = decode_header(token).ok()?;
    let key = DecodingKey::from_jwk(keys.find(&header.kid?)?).unwrap();
    let mut rules = Validation::new(Algorithm::RS256);
    rules.leeway = 0;
    rules.validate_aud = false;
    rules.set_issuer(&[sign_in.issuer()]);
    let token = decode::<Value>(token, &key, &rules).ok()?;
    Some(token.claims)
}

#[tokio::test]
async fn a_person_signs_in_once_and_stays_signed_in() {
    let (sign_in, client) = started().await;
    let authorize = format!("{}/oauth2/authorize?{}", sign_in.address(), query(&[]));
    let first = client.get(&authorize).send().await.unwrap();
    assert!(location(&first).starts_with("/login?"));

    let entered = enter(&sign_in, &client, "ann", PASSWORD).await;
    assert!(location(&entered).starts_with(&format!("{CALLBACK}?")));
    assert_eq!(carried(&entered, "state").as_deref(), Some("our-state"));
    let code = carried(&entered, "code").unwrap();
    let answer = exchange(&sign_in, &client, &code, VERIFIER).await;
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    let tokens: Value = answer.json().await.unwrap();
    let access = checked(&sign_in, tokens["access_token"].as_str().unwrap()).await;
    let access = access.unwrap();
    assert_eq!(access["sub"], json!(sign_in.subject("ann")));
    assert_eq!(access["client_id"], json!(sign_in.client()));
    assert_eq!(access["token_use"], "access");
    let identity = checked(&sign_in, tokens["id_token"].as_str().unwrap()).await;
    assert_eq!(identity.unwrap()["nonce"], "our-nonce");

    let cookie = entered.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap();
    let request = client.get(&authorize).header("cookie", cookie);
    let second = request.send().await.unwrap();
    assert!(carried(&second, "code").is_some(), "no second password");
}

#[tokio::test]
async fn a_code_works_once_and_only_for_who_began() {
    let (sign_in, client) = started().await;
    let code = carried(&enter(&sign_in, &client, "ann", PASSWORD).await, "code").unwrap();
    let stolen = exchange(&sign_in, &client, &code, "another-verifier").await;
    assert_eq!(error(stolen).await, "invalid_grant");
    let again = exchange(&sign_in, &client, &code, VERIFIER).await;
    assert_eq!(error(again).await, "invalid_grant");
}

#[tokio::test]
async fn renews_until_the_session_is_revoked() {
    let (sign_in, client) = started().await;
    let code = carried(&enter(&sign_in, &client, "ann", PASSWORD).await, "code").unwrap();
    let tokens = exchange(&sign_in, &client, &code, VERIFIER).await;
    let tokens: Value = tokens.json().await.unwrap();
    let refresh = tokens["refresh_token"].as_str().unwrap();

    let renewed: Value = renew(&sign_in, &client, refresh)
        .await
        .json()
        .await
        .unwrap();
    let access = renewed["access_token"].as_str().unwrap();
    assert!(checked(&sign_in, access).await.is_some());
    assert!(renewed.get("refresh_token").is_none());
    sign_in.refuse_refresh(true);
    let refused = renew(&sign_in, &client, refresh).await;
    assert_eq!(error(refused).await, "invalid_grant");
    sign_in.refuse_refresh(false);

    sign_in.rotate_refresh_tokens(true);
    let rotated: Value = renew(&sign_in, &client, refresh)
        .await
        .json()
        .await
        .unwrap();
    let next = rotated["refresh_token"].as_str().unwrap();
    let used_up = renew(&sign_in, &client, refresh).await;
    assert_eq!(error(used_up).await, "invalid_grant");
    assert_eq!((sign_in.renewals(), sign_in.open_sessions()), (2, 1));

    let body = fields(&[("token", next), ("client_id", CLIENT)]);
    let revoked = post(
        &client,
        &format!("{}/oauth2/revoke", sign_in.address()),
        body,
    )
    .await;
    assert_eq!(revoked.status(), StatusCode::OK);
    assert_eq!(sign_in.open_sessions(), 0);
    assert_eq!(
        error(renew(&sign_in, &client, next).await).await,
        "invalid_grant"
    );
}

#[tokio::test]
async fn what_may_not_go_back_to_the_app_stays_here() {
    let (sign_in, client) = started().await;
    let ask = async |changes: &[(&str, &str)]| {
        let address = format!("{}/oauth2/authorize?{}", sign_in.address(), query(changes));
        client.get(address).send().await.unwrap()
    };
    let elsewhere = ask(&[("redirect_uri", "http://evil.example/")]).await;
    assert_eq!(location(&elsewhere), "/error?error=redirect_mismatch");
    let nobody = ask(&[("client_id", "nobody")]).await;
    assert_eq!(location(&nobody), "/error?error=invalid_client");
    for (changes, error) in [
        ([("code_challenge_method", "plain")], "invalid_request"),
        ([("response_type", "token")], "unauthorized_client"),
        ([("scope", "openid phone")], "invalid_scope"),
    ] {
        let answer = ask(&changes).await;
        assert_eq!(carried(&answer, "error").as_deref(), Some(error));
        assert_eq!(carried(&answer, "state").as_deref(), Some("our-state"));
    }
}

#[tokio::test]
async fn wrong_passwords_and_denied_people_get_no_code() {
    let (sign_in, client) = started().await;
    let wrong = enter(&sign_in, &client, "ann", "guess").await;
    assert!(wrong.text().await.unwrap().contains("Incorrect"));
    sign_in.deny("ben");
    let denied = enter(&sign_in, &client, "ben", PASSWORD).await;
    assert_eq!(carried(&denied, "error").as_deref(), Some("access_denied"));
    assert_eq!(carried(&denied, "code"), None);
}

#[tokio::test]
async fn only_good_tokens_hold() {
    let (sign_in, _) = started().await;
    let good = sign_in.token_for("ann");
    let claims = checked(&sign_in, &good).await.unwrap();
    assert_eq!(claims["sub"], json!(sign_in.subject("ann")));
    assert_ne!(sign_in.subject("ann"), sign_in.subject("ben"));
    for bad in [
        sign_in.expired_token_for("ann"),
        sign_in.forged_token_for("ann"),
        sign_in.unsigned_token_for("ann"),
        sign_in.confused_token_for("ann"),
    ] {
        assert_eq!(checked(&sign_in, &bad).await, None);
    }
    let other = checked(&sign_in, &sign_in.token_for_another_app("ann")).await;
    assert_ne!(other.unwrap()["client_id"], json!(sign_in.client()));
    let identity = checked(&sign_in, &sign_in.id_token_for("ann")).await;
    assert_eq!(identity.unwrap()["token_use"], "id");

    sign_in.rotate_keys();
    assert_eq!(checked(&sign_in, &good).await, None);
    assert!(checked(&sign_in, &sign_in.token_for("ann")).await.is_some());
    assert!(sign_in.key_requests() > 0);
}

#[tokio::test]
async fn can_be_down() {
    let (sign_in, client) = started().await;
    sign_in.be_down(true);
    let address = format!("{}/.well-known/jwks.json", sign_in.issuer());
    let answer = client.get(&address).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    sign_in.be_down(false);
    let configuration = format!("{}/.well-known/openid-configuration", sign_in.issuer());
    let described: Value = client
        .get(configuration)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(described["jwks_uri"], json!(address));
}
