//! Bulkhead as it is on AWS: the built functions, put together as the template says, above a stand-in
//! for AWS that lets each do only what its role allows.
//!
//! `BULKHEAD_FUNCTIONS` says where the functions are (`cargo xtask test` sets it); without it they
//! are what `cargo build` left in `target/debug`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use bulkhead_cloud::aws::Aws;
use bulkhead_cloud::dynamo::Dynamo;
use bulkhead_cloud::gateway::{Behind, Gateway};
use bulkhead_cloud::lambda::{Failure, Function, Spec};
use bulkhead_cloud::mapping::{ACTIONS, Mapping, Schedule};
use bulkhead_cloud::moto::Moto;
use bulkhead_cloud::policy::{Access, Policies};
use bulkhead_cloud::sign_in::SignIn;
use bulkhead_cloud::sqs::{self, Sqs};
use bulkhead_cloud::template::{Template, references};
use reqwest::Url;
use serde_json::{Value, json};

use crate::api::{Api, PATIENCE};
use crate::driver::target;

/// How many environments a function may have that has no number of its own.
const CONCURRENCY: usize = 20;
/// Functions that reach mail servers. Those of stories are on this machine.
const REACHING: [&str; 3] = ["Submit", "Browse", "Worker"];

/// What a story may want to be otherwise than the template says.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Values for the template's parameters.
    pub parameters: Vec<(&'static str, String)>,
    /// How long one batch may take a worker. Shorter than the template's, so that a story does not
    /// wait a minute for the lease of a worker that died.
    pub worker_timeout: Duration,
    /// The pause between two sweeps.
    pub sweep_every: Duration,
    /// The app's files, where a browser comes along.
    pub app: Option<PathBuf>,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            // Stories look far more often than people.
            parameters: vec![("RequestsPerMinute", "1000000".to_owned())],
            worker_timeout: Duration::from_secs(12),
            sweep_every: Duration::from_secs(2),
            app: None,
        }
    }
}

/// What may have gone wrong by the end of a story. Nothing, unless it says so.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expected {
    /// Environments were killed.
    pub deaths: bool,
    /// Messages of level ERROR in a log.
    pub errors: &'static [&'static str],
}

/// The running whole. It ends with [`Cloud::stop`], which looks at what was left behind.
pub struct Cloud {
    /// The stand-in for AWS.
    pub aws: Aws,
    /// Where people sign in.
    pub sign_in: SignIn,
    template: Template,
    gateway: Gateway,
    functions: BTreeMap<String, Function>,
    mappings: Vec<Mapping>,
    schedule: Option<Schedule>,
    stopped: bool,
}

impl Cloud {
    /// Deploys the template and starts what calls the functions.
    pub async fn start(wishes: Wishes) -> Self {
        let sign_in = SignIn::start().await;
        let (dynamo, moto) = (Dynamo::memory().unwrap(), Moto::start().await.unwrap());
        let aws = Aws::start(dynamo, Sqs::default(), Some(moto))
            .await
            .unwrap();
        let mut template = Template::load().with("AppClient", sign_in.client());
        for (name, value) in &wishes.parameters {
            template = template.with(name, value.as_str());
        }
        let template = aws.deploy(template).await.unwrap();
        aws.enforce(Policies::of(&template).unwrap());
        let ids: Vec<String> = template
            .resources("AWS::Lambda::Function")
            .map(|(id, _)| id.to_owned())
            .collect();
        let functions: BTreeMap<String, Function> = ids
            .into_iter()
            .map(|id| {
                (
                    id.clone(),
                    Function::new(spec(&id, &template, &aws, &sign_in, &wishes)),
                )
            })
            .collect();
        let behind = Behind {
            functions: functions.clone(),
            issuer: sign_in.issuer(),
            sign_in: sign_in.address().to_owned(),
            app: wishes.app.clone(),
        };
        let gateway = Gateway::start(&template, behind).await;
        sign_in.allow_app(gateway.address());
        let mut cloud = Self {
            aws,
            sign_in,
            template,
            gateway,
            functions,
            mappings: Vec::new(),
            schedule: None,
            stopped: false,
        };
        cloud.map_queues();
        cloud.write_logs();
        cloud.schedule = Some(Schedule::every(wishes.sweep_every, cloud.function("Sweep")));
        cloud
    }

    /// Starts the template's event source mappings, under the roles of the functions they call.
    fn map_queues(&mut self) {
        let mappings = self.template.resources("AWS::Lambda::EventSourceMapping");
        let mappings: Vec<Mapping> = mappings
            .map(|(_, mapping)| {
                let (function, queue) = (&mapping["FunctionName"], &mapping["EventSourceArn"]);
                let function = self.function(&references(function)[0]);
                let queue = self.queue(&references(queue)[0]);
                for action in ACTIONS {
                    let access = Access::new(action, sqs::arn(&queue));
                    let may = self.aws.permit(function.name(), access);
                    assert!(may, "{} may not {action}", function.name());
                }
                let settings = serde_json::from_value(self.template.resolve(mapping)).unwrap();
                Mapping::start(self.aws.sqs(), &queue, function, settings)
            })
            .collect();
        self.mappings = mappings;
    }

    /// Notes that Lambda writes each function's log under its role.
    fn write_logs(&self) {
        for (id, properties) in self.template.resources("AWS::Lambda::Function") {
            let group = &references(&properties["LoggingConfig"]["LogGroup"])[0];
            let arn = self
                .template
                .resolve(&json!({"Fn::GetAtt": [group, "Arn"]}));
            for action in ["logs:CreateLogStream", "logs:PutLogEvents"] {
                let access = Access::new(action, plain(&arn));
                let may = self.aws.permit(self.function(id).name(), access);
                assert!(may, "{id} may not {action}");
            }
        }
    }

    /// A function by its logical id.
    pub fn function(&self, id: &str) -> &Function {
        &self.functions[id]
    }

    /// A queue's name by its logical id.
    pub fn queue(&self, id: &str) -> String {
        let url = self.template.resolve(&json!({ "Ref": id }));
        url.as_str().unwrap().rsplit('/').next().unwrap().to_owned()
    }

    /// The table's name.
    pub fn table(&self) -> String {
        plain(&self.template.resolve(&json!({"Ref": "Table"})))
    }

    /// Where app and API are.
    pub fn address(&self) -> &str {
        self.gateway.address()
    }

    /// The API with this token.
    pub fn api_with(&self, token: String) -> Api {
        Api::new(Url::parse(self.address()).unwrap(), token)
    }

    /// The API as this person sees it, signed in by the hosted sign-in.
    pub fn api(&self, person: &str) -> Api {
        self.api_with(self.sign_in.token_for(person))
    }

    /// Every line that any function printed, with the function's name.
    pub fn log(&self) -> Vec<(String, String)> {
        let all = self.functions.values();
        all.flat_map(|function| {
            let lines = function.log().lines().into_iter();
            lines.map(|line| (function.name().to_owned(), line))
        })
        .collect()
    }

    /// Waits until the queue is empty and nobody works on anything.
    pub async fn rest(&self) {
        let begin = Instant::now();
        let (queue, dead) = (self.queue("Queue"), self.queue("DeadLetters"));
        let is_busy = || {
            let left = |queue: &str| !self.aws.sqs().depth(queue).unwrap().is_empty();
            let working = ["Worker", "DeadLetter"].map(|id| self.function(id).busy() > 0);
            left(&queue) || left(&dead) || working.contains(&true)
        };
        while is_busy() {
            assert!(begin.elapsed() < PATIENCE, "the queues do not become empty");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends a story: nothing was denied, nothing failed but as `expected`, and no log holds what none
    /// may hold.
    pub async fn stop(mut self, secrets: &[&str], expected: Expected) {
        self.rest().await;
        self.schedule = None;
        assert_eq!(self.aws.denied(), BTreeSet::new());
        for function in self.functions.values() {
            let mut failures = function.failures();
            failures.retain(|failure| !(expected.deaths && is_kill(failure)));
            assert_eq!(failures, [], "{}", function.name());
        }
        self.look_through_logs(secrets, &expected);
        self.stopped = true;
    }

    /// Invariant 10, and that every line is one that CloudWatch can read.
    fn look_through_logs(&self, secrets: &[&str], expected: &Expected) {
        for (function, line) in self.log() {
            let low = line.to_lowercase();
            for secret in secrets {
                let found = low.contains(&secret.to_lowercase());
                assert!(!found, "{secret} in the log of {function}: {line}");
            }
            let read: Value = serde_json::from_str(&line)
                .unwrap_or_else(|error| panic!("{function} printed no JSON ({error}): {line}"));
            assert!(
                read.get("_aws").is_some() || read.get("level").is_some(),
                "neither log nor metric: {line}"
            );
            let is_expected = expected.errors.iter().any(|it| read["message"] == *it);
            assert!(
                read["level"] != "ERROR" || is_expected,
                "{function}: {line}"
            );
            if read.get("_aws").is_some() {
                check_metric(&read);
            }
        }
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for function in self.functions.values() {
                let tail = function.log().tail(25).join("\n");
                let (name, failures) = (function.name(), function.failures());
                eprintln!("── {name}, failures {failures:?}, its log ends with:\n{tail}");
            }
            eprintln!("── denied: {:#?}", self.aws.denied());
        } else {
            assert!(
                self.stopped,
                "a story ends with stop(), which looks for what was left behind"
            );
        }
    }
}

/// A function as the template describes it.
fn spec(id: &str, template: &Template, aws: &Aws, sign_in: &SignIn, wishes: &Wishes) -> Spec {
    let name = kebab(id);
    let properties = template.properties(id);
    let variables = properties["Environment"]["Variables"].as_object();
    let variables = variables.into_iter().flatten().map(|(name, value)| {
        let value = match name.as_str() {
            // These are the addresses of others; they are here.
            "BULKHEAD_ISSUER" => sign_in.issuer(),
            "BULKHEAD_SIGN_IN" => sign_in.address().to_owned(),
            _ => plain(value),
        };
        (name.clone(), value)
    });
    let mut variables: BTreeMap<String, String> = variables.chain(aws.environment(&name)).collect();
    if REACHING.contains(&id) {
        variables.insert("BULKHEAD_PRIVATE_HOSTS".to_owned(), "allow".to_owned());
    }
    let seconds = Duration::from_secs(number(&properties["Timeout"]).unwrap());
    let reserved = number(&properties["ReservedConcurrentExecutions"]);
    Spec {
        binary: functions().join(format!("bulkhead-{name}")),
        name,
        variables,
        timeout: if id == "Worker" {
            wishes.worker_timeout
        } else {
            seconds
        },
        memory: u32::try_from(number(&properties["MemorySize"]).unwrap()).unwrap(),
        concurrency: reserved.map_or(CONCURRENCY, |it| usize::try_from(it).unwrap()),
    }
}

fn is_kill(failure: &Failure) -> bool {
    matches!(failure, Failure::Exited(how) if how.contains("signal: 9"))
}

/// What CloudWatch asks of a line in the embedded metric format.
fn check_metric(line: &Value) {
    let about = &line["_aws"];
    assert!(about["Timestamp"].is_i64(), "{line}");
    for directive in about["CloudWatchMetrics"].as_array().unwrap() {
        assert_eq!(directive["Namespace"], "Bulkhead", "{line}");
        for metric in directive["Metrics"].as_array().unwrap() {
            assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{line}");
        }
        let sets = directive["Dimensions"].as_array().unwrap();
        for dimension in sets.iter().flat_map(|set| set.as_array().unwrap()) {
            assert!(line[dimension.as_str().unwrap()].is_string(), "{line}");
        }
    }
}

/// Where the built functions are.
pub fn functions() -> PathBuf {
    match std::env::var_os("BULKHEAD_FUNCTIONS") {
        Some(folder) => folder.into(),
        None => target().join("debug"),
    }
}

/// `DeadLetter` is `dead-letter`.
fn kebab(id: &str) -> String {
    let mut name = String::new();
    for letter in id.chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// What stands for a parameter is text.
fn number(value: &Value) -> Option<u64> {
    plain(value).parse().ok()
}
