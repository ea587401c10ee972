//! Keys and files, which moto answers, behind the same policies.

use std::time::Duration;

use bulkhead_cloud::aws::{ADMINISTRATOR, Aws};
use bulkhead_cloud::dynamo::Dynamo;
use bulkhead_cloud::http_client;
use bulkhead_cloud::moto::Moto;
use bulkhead_cloud::policy::Policies;
use bulkhead_cloud::sqs::Sqs;
use bulkhead_cloud::template::Template;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::client::{call, signed, template};

async fn aws(statements: Value) -> (Aws, Template) {
    let moto = Moto::start().await.unwrap();
    let dynamo = Dynamo::memory().unwrap();
    let aws = Aws::start(dynamo, Sqs::default(), Some(moto))
        .await
        .unwrap();
    let template = aws.deploy(template(&statements)).await.unwrap();
    aws.enforce(Policies::of(&template).unwrap());
    (aws, template)
}

#[tokio::test]
async fn unseals_only_what_is_bound_to_something() {
    let key = json!({"Fn::GetAtt": ["Key", "Arn"]});
    let (aws, template) = aws(json!([{
        "Effect": "Allow", "Action": "kms:Decrypt", "Resource": key,
        "Condition": {"Null": {"kms:EncryptionContextKeys": "false"}},
    }]))
    .await;
    let key = template.resolve(&key);
    let context = json!({"account": "a-1"});
    let asked = json!({"KeyId": key, "KeySpec": "AES_256", "EncryptionContext": context});
    let make = "TrentService.GenerateDataKey";
    let (status, answer) = call(&aws, "worker", make, asked.clone()).await;
    assert_eq!(
        (status, &answer["__type"]),
        (400, &json!("AccessDeniedException"))
    );
    let (status, made) = call(&aws, ADMINISTRATOR, make, asked).await;
    assert_eq!(status, 200, "{made}");
    // No key is named here: the sealed text does.
    let asked = json!({"CiphertextBlob": made["CiphertextBlob"], "EncryptionContext": context});
    let (status, answer) = call(&aws, "worker", "TrentService.Decrypt", asked).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["Plaintext"], made["Plaintext"]);
    let bare = json!({"CiphertextBlob": made["CiphertextBlob"]});
    let (status, _) = call(&aws, "worker", "TrentService.Decrypt", bare).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn keeps_files_and_hands_them_out_for_a_time() {
    let files = json!({"Fn::Sub": "${Files.Arn}/*"});
    let (aws, template) = aws(json!([
        {"Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject"], "Resource": files},
    ]))
    .await;
    let bucket = template.resolve(&json!({"Ref": "Files"}));
    let path = |key: &str| format!("/{}/{key}", bucket.as_str().unwrap());
    let ask = |method: Method, key: &str| signed(&aws, "worker", "s3", method, &path(key));
    let put = ask(Method::PUT, "a%20b.csv").body("one,two");
    assert_eq!(put.send().await.unwrap().status(), StatusCode::OK);
    let got = ask(Method::GET, "a%20b.csv").send().await.unwrap();
    assert_eq!(got.text().await.unwrap(), "one,two");
    // Who may not list does not learn what is not there.
    let missing = ask(Method::GET, "missing").send().await.unwrap();
    assert_eq!(missing.status(), StatusCode::FORBIDDEN);
    let missing = signed(&aws, ADMINISTRATOR, "s3", Method::GET, &path("missing"));
    assert_eq!(
        missing.send().await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
    let deleted = ask(Method::DELETE, "a%20b.csv").send().await.unwrap();
    assert_eq!(deleted.status(), StatusCode::FORBIDDEN);
    let now = aws.clock().now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let handed_out = |who: &str| {
        format!(
            "{}{}?X-Amz-Algorithm=AWS4-HMAC-SHA256\
             &X-Amz-Credential={who}%2F20261121%2Feu-central-1%2Fs3%2Faws4_request\
             &X-Amz-Date={now}&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0",
            aws.url(),
            path("a%20b.csv"),
        )
    };
    let get = async |url: String| http_client::plain().get(url).send().await.unwrap();
    let got = get(handed_out("worker")).await;
    assert_eq!(got.text().await.unwrap(), "one,two");
    let denied = get(handed_out("stranger")).await;
    assert_eq!(denied.status(), StatusCode::FORBIDDEN);
    aws.clock().advance(Duration::from_secs(62));
    let expired = get(handed_out("worker")).await;
    assert_eq!(expired.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn takes_the_template_that_is_deployed() {
    let moto = Moto::start().await.unwrap();
    let dynamo = Dynamo::memory().unwrap();
    let aws = Aws::start(dynamo, Sqs::default(), Some(moto))
        .await
        .unwrap();
    let template = aws.deploy(Template::load()).await.unwrap();
    let policies = Policies::of(&template).unwrap();
    let functions: Vec<&str> = policies.functions().collect();
    let all = [
        "browse",
        "dead-letter",
        "status",
        "submit",
        "sweep",
        "worker",
    ];
    assert_eq!(functions, all);
    // Nothing was left as a bare name: every resource of every statement is an ARN.
    for function in functions {
        for (_, resource) in policies.unused(function, &[]) {
            assert!(
                resource.starts_with("arn:aws:") || resource.ends_with("Logs.Arn"),
                "{resource}"
            );
        }
    }
}
