//! What stands in the tokens: the claims that Cognito puts into access and ID tokens.

use jiff::Timestamp;
use rand::random;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::pool::{CLIENT, Pool};

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    Timestamp::now().as_second()
}

/// The person's id: a UUID, the same for the same name.
pub(super) fn subject(name: &str) -> String {
    uuid(Sha256::digest(name)[..16].try_into().unwrap())
}

/// An access token's claims.
pub(super) fn access(pool: &Pool, name: &str) -> Value {
    let now = now();
    let lifetime = pool.mood().lifetime.as_secs().cast_signed();
    json!({
        "sub": subject(name),
        "iss": pool.issuer(),
        "version": 2,
        "client_id": CLIENT,
        "origin_jti": uuid(random()),
        "token_use": "access",
        "scope": "openid",
        "auth_time": now,
        "exp": now + lifetime,
        "iat": now,
        "jti": uuid(random()),
        "username": subject(name),
    })
}

/// An ID token's claims. With the scope `openid` it holds what the app may read of the person.
pub(super) fn identity(pool: &Pool, name: &str, nonce: Option<&str>) -> Value {
    let now = now();
    let lifetime = pool.mood().lifetime.as_secs().cast_signed();
    let mut claims = json!({
        "sub": subject(name),
        "iss": pool.issuer(),
        "aud": CLIENT,
        "cognito:username": subject(name),
        "email": format!("{name}@example.org"),
        "email_verified": true,
        "origin_jti": uuid(random()),
        "token_use": "id",
        "auth_time": now,
        "exp": now + lifetime,
        "iat": now,
        "jti": uuid(random()),
    });
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    claims
}

fn uuid(bytes: [u8; 16]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    parts.join("-")
}
