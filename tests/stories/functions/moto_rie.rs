//! AWS's own emulator of the runtime, which comes with the SAM command line tools, runs one of our
//! functions: what our stand-in believes about the Runtime API is not only ours.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bulkhead_cloud::lambda::Spec;
use bulkhead_cloud::{http_client, moto};
use bulkhead_tests::api::PATIENCE;
use bulkhead_tests::driver::free_port;
use bulkhead_tests::functions::{Cloud, Expected, Wishes};
use serde_json::{Value, json};

/// A running emulator; it ends with this.
struct Emulator {
    process: Child,
    url: String,
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Emulator {
    /// It starts the function with the first event.
    fn start(function: &Spec) -> Self {
        let (outside, inside) = (free_port(), free_port());
        // Without these it listens on every interface.
        let process = Command::new(program())
            .args(["--runtime-interface-emulator-address", &address(outside)])
            .args(["--runtime-api-address", &address(inside)])
            .arg(&function.binary)
            .envs(&function.variables)
            .env("AWS_LAMBDA_FUNCTION_NAME", &function.name)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let url = format!(
            "http://{}/2015-03-31/functions/function/invocations",
            address(outside)
        );
        Self { process, url }
    }

    async fn invoke(&self, event: &Value) -> Value {
        let begin = Instant::now();
        loop {
            let request = http_client::plain().post(&self.url).body(event.to_string());
            match request.send().await {
                Ok(answer) => return answer.json().await.unwrap(),
                Err(error) if error.is_connect() && begin.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Err(error) => panic!("the emulator does not answer: {error}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_emulator_of_aws_runs_status() {
    let cloud = Cloud::start(Wishes::default()).await;
    let emulator = Emulator::start(cloud.function("Status").spec());
    let contract = emulator.invoke(&event("/api/v1/openapi.json", "")).await;
    assert_eq!(contract["statusCode"], 200, "{contract}");
    let body: Value = serde_json::from_str(contract["body"].as_str().unwrap()).unwrap();
    assert!(body["openapi"].is_string());
    let token = cloud.sign_in.token_for("zebra-keeper");
    let jobs = emulator.invoke(&event("/api/v1/jobs", &token)).await;
    assert_eq!(
        (&jobs["statusCode"], &jobs["body"]),
        (&json!(200), &json!(r#"{"jobs":[]}"#))
    );
    let forged = cloud.sign_in.forged_token_for("zebra-keeper");
    let refused = emulator.invoke(&event("/api/v1/jobs", &forged)).await;
    assert_eq!(refused["statusCode"], 401, "{refused}");
    cloud.stop(&[], Expected::default()).await;
}

/// As API Gateway sends it.
fn event(path: &str, token: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "GET /api/v1/{path+}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"authorization": format!("Bearer {token}"), "host": "x.execute-api.aws"},
        "requestContext": {
            "accountId": "123456789012", "apiId": "x", "domainName": "x.execute-api.aws",
            "domainPrefix": "x", "requestId": "r", "routeKey": "GET /api/v1/{path+}",
            "stage": "$default", "time": "01/Jan/2026:00:00:00 +0000", "timeEpoch": 1_767_225_600_000_u64,
            "http": {"method": "GET", "path": path, "protocol": "HTTP/1.1",
                     "sourceIp": "127.0.0.1", "userAgent": "story"},
        },
        "isBase64Encoded": false,
    })
}

fn address(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

/// In the folder of the SAM tools, beside the tools that have a command.
fn program() -> PathBuf {
    let kind = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        other => other,
    };
    let libraries = moto::tools().join("../lib");
    let folders = std::fs::read_dir(&libraries).unwrap().flatten();
    folders
        .map(|python| {
            let rapid = python.path().join("site-packages/samcli/local/rapid");
            rapid.join(format!("aws-lambda-rie-{kind}"))
        })
        .find(|program| program.exists())
        .expect("the SAM tools come with the emulator")
}
