//! How each service says no.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::service::Service;
use crate::ACCOUNT;
use crate::dynamo;
use crate::policy::Access;
use crate::sqs;

/// Why a request is not performed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Denial<'a> {
    /// No policy of theirs allows it.
    Forbidden(&'a str, &'a Access),
    /// Too many calls for now.
    Throttled,
    /// A failure of the service.
    Broken,
    /// The time of a handed-out address is over.
    Expired,
    /// This stand-in was started without moto.
    NotHere,
}

impl Denial<'_> {
    pub(super) fn answer(self, service: &Service) -> Response {
        match service {
            Service::Dynamo(_) => {
                let (status, name) = self.dynamo();
                dynamo::refusal(status, name, &self.message()).into_response()
            }
            Service::Sqs(_) => self.sqs().into_response(),
            Service::Kms(_) => {
                let (status, name) = self.kms();
                let body = json!({"__type": name, "message": self.message()}).to_string();
                let json = [(header::CONTENT_TYPE, "application/x-amz-json-1.1")];
                (status, json, body).into_response()
            }
            Service::Ses => {
                let (status, name) = self.ses();
                let body = json!({"message": self.message()}).to_string();
                let json = [
                    (header::CONTENT_TYPE.as_str(), "application/json"),
                    ("x-amzn-errortype", name),
                ];
                (status, json, body).into_response()
            }
            Service::S3 => {
                let (status, code) = self.s3();
                let message = self.message();
                let body = format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                     <Error><Code>{code}</Code><Message>{message}</Message></Error>"
                );
                (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
            }
        }
    }

    fn message(self) -> String {
        match self {
            Self::Forbidden(
                who,
                Access {
                    action, resource, ..
                },
            ) => format!(
                "User: arn:aws:sts::{ACCOUNT}:assumed-role/{who}/{who} is not authorized to perform: \
                 {action} on resource: {resource} because no identity-based policy allows the \
                 {action} action"
            ),
            Self::Throttled => "Rate exceeded".to_owned(),
            Self::Broken => "We encountered an internal error. Please try again.".to_owned(),
            Self::Expired => "Request has expired".to_owned(),
            Self::NotHere => "This stand-in was started without moto.".to_owned(),
        }
    }

    fn ses(self) -> (StatusCode, &'static str) {
        match self {
            Self::Forbidden(..) | Self::Expired => (StatusCode::FORBIDDEN, "AccessDeniedException"),
            Self::Throttled => (StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException"),
            Self::Broken | Self::NotHere => (StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure"),
        }
    }

    fn dynamo(self) -> (u16, &'static str) {
        match self {
            Self::Forbidden(..) | Self::Expired => (400, "AccessDeniedException"),
            Self::Throttled => (400, "ThrottlingException"),
            Self::Broken | Self::NotHere => (500, "InternalServerError"),
        }
    }

    fn sqs(self) -> sqs::Answer {
        match self {
            // Not in the service's model, so the SDKs know it by its code alone.
            Self::Forbidden(..) | Self::Expired => sqs::Answer {
                status: StatusCode::FORBIDDEN,
                query_error: Some("AccessDenied;Sender".to_owned()),
                body: json!({
                    "__type": "com.amazon.coral.service#AccessDeniedException",
                    "message": self.message(),
                })
                .to_string()
                .into_bytes(),
            },
            Self::Throttled => sqs::Refusal::RequestThrottled.into(),
            Self::Broken | Self::NotHere => sqs::Refusal::InternalFailure.into(),
        }
    }

    fn kms(self) -> (StatusCode, &'static str) {
        match self {
            Self::Forbidden(..) | Self::Expired => {
                (StatusCode::BAD_REQUEST, "AccessDeniedException")
            }
            Self::Throttled => (StatusCode::BAD_REQUEST, "ThrottlingException"),
            Self::Broken | Self::NotHere => {
                (StatusCode::INTERNAL_SERVER_ERROR, "KMSInternalException")
            }
        }
    }

    fn s3(self) -> (StatusCode, &'static str) {
        match self {
            Self::Forbidden(..) | Self::Expired => (StatusCode::FORBIDDEN, "AccessDenied"),
            Self::Throttled => (StatusCode::SERVICE_UNAVAILABLE, "SlowDown"),
            Self::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "InternalError"),
            Self::NotHere => (StatusCode::NOT_IMPLEMENTED, "NotImplemented"),
        }
    }
}
