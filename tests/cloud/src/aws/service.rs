//! Which service a request is for, and who sends it.

use axum::http::{HeaderMap, request};
use percent_encoding::percent_decode_str;

/// A service and, where the request says it in a header, the operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Service {
    Dynamo(String),
    Sqs(String),
    Kms(String),
    Ses,
    S3,
}

impl Service {
    /// The header `X-Amz-Target` names service and operation; SES, which is signed for by name, and S3 go without.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let target = headers.get("x-amz-target").and_then(|it| it.to_str().ok());
        match target.and_then(|target| target.split_once('.')) {
            Some(("DynamoDB_20120810", operation)) => Self::Dynamo(operation.to_owned()),
            Some(("AmazonSQS", operation)) => Self::Sqs(operation.to_owned()),
            Some(("TrentService", operation)) => Self::Kms(operation.to_owned()),
            _ if is_for_ses(headers) => Self::Ses,
            _ => Self::S3,
        }
    }
}

fn is_for_ses(headers: &HeaderMap) -> bool {
    let signed = headers.get("authorization").and_then(|it| it.to_str().ok());
    signed.is_some_and(|signed| signed.contains("/ses/aws4_request"))
}

/// The access key id of the signature's credential, `<key>/<date>/<region>/<service>/aws4_request`,
/// in the header or, for a handed-out address, in the query. Nobody's otherwise.
pub(super) fn caller(parts: &request::Parts) -> String {
    let header = parts.headers.get("authorization");
    let header = header.and_then(|value| value.to_str().ok());
    let signed = header.and_then(|value| value.split_once("Credential=").map(|it| it.1));
    let credential = signed.map(str::to_owned).or_else(|| {
        let query = parts.uri.query()?;
        parameter(query, "X-Amz-Credential")
    });
    let key = credential.and_then(|it| it.split('/').next().map(str::to_owned));
    key.unwrap_or_else(|| "nobody".to_owned())
}

/// A value in a query, decoded.
pub(super) fn parameter(query: &str, name: &str) -> Option<String> {
    let pairs = query
        .split('&')
        .map(|it| it.split_once('=').unwrap_or((it, "")));
    let found = pairs.into_iter().find(|(key, _)| *key == name);
    found.map(|(_, value)| percent_decode_str(value).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn parts(uri: &str, headers: &[(&str, &str)]) -> request::Parts {
        let mut request = Request::get(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn knows_who_calls_what() {
        let authorization = "AWS4-HMAC-SHA256 Credential=dead-letter/20261121/eu-central-1/sqs/\
                             aws4_request, SignedHeaders=host, Signature=0";
        let signed = parts("/", &[("authorization", authorization)]);
        assert_eq!(caller(&signed), "dead-letter");
        let handed_out = parts("/b/k?X-Amz-Credential=browse%2F20261121%2Feu&x=1", &[]);
        assert_eq!(caller(&handed_out), "browse");
        assert_eq!(caller(&parts("/b/k", &[])), "nobody");
        let service = |target: &str| Service::of(&parts("/", &[("x-amz-target", target)]).headers);
        assert_eq!(
            service("DynamoDB_20120810.PutItem"),
            Service::Dynamo("PutItem".to_owned())
        );
        assert_eq!(
            service("AmazonSQS.SendMessage"),
            Service::Sqs("SendMessage".to_owned())
        );
        assert_eq!(
            service("TrentService.Decrypt"),
            Service::Kms("Decrypt".to_owned())
        );
        assert_eq!(Service::of(&HeaderMap::new()), Service::S3);
    }
}
