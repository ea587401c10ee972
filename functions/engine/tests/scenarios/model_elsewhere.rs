//! A model somewhere else is asked only about mails of accounts for which that was agreed to, in its turn, and what it
//! took is told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{preview, results};
use bulkhead_engine::ports::{CallError, DeployedModel, Ports, Told};
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::{access, accounts, models};
use bulkhead_shared::api::{
    AgreedAccount, ChooseModel, Job, ModelEndpoint, ModelUse, NamedModel, TokensSpent, built_in,
};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::{State, StateReason};
use bulkhead_shared::operations::{Certainty, Classify, MarkRead, Process, Then};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::{ItemReason, ItemResult};
use bulkhead_shared::tokens::about_tokens;
use futures::executor::block_on;
use jiff::SignedDuration;

use crate::{options, stage};

const URL: &str = "https://api.example.com/v1";

pub(crate) fn choice() -> ChooseModel {
    ChooseModel {
        url: URL.to_owned(),
        model: "gpt-x".to_owned(),
        key: Some("sk-1".to_owned()),
        requests_per_minute: 1_000,
        side_by_side: 4,
        mails_per_request: 1,
    }
}

fn named() -> NamedModel {
    NamedModel {
        model: "gpt-x".to_owned(),
        host: "api.example.com".to_owned(),
    }
}

pub(crate) async fn agree(stage: &Stage) -> Result<(), Error> {
    let account = access::account(&stage.ports, &stage.user, &stage.account).await?;
    models::agree(&stage.ports, &stage.user, &account, &named()).await
}

pub(crate) async fn withdraw(stage: &Stage) {
    let account = access::account(&stage.ports, &stage.user, &stage.account).await;
    models::withdraw(&stage.ports, &stage.user, &account.unwrap())
        .await
        .unwrap();
}

pub(crate) async fn choose(stage: &Stage, wanted: &ChooseModel) {
    models::choose(&stage.ports, &stage.user, wanted)
        .await
        .unwrap();
}

/// A stage where this model is chosen and agreed to.
async fn agreed(mailbox: MemoryMailbox, wanted: &ChooseModel) -> Stage {
    let stage = Stage::new(mailbox).await.unwrap();
    choose(&stage, wanted).await;
    agree(&stage).await.unwrap();
    stage
}

async fn drafted(stage: &Stage) -> JobId {
    let one_lane = JobOptions {
        parallel_chunks: Some(1),
        ..options()
    };
    let drafted = stage.draft(Classify {}.into(), Stage::inbox(), one_lane);
    drafted.await.unwrap()
}

async fn confirmed(stage: &Stage) -> JobId {
    let id = drafted(stage).await;
    stage.confirm(&id).await.unwrap();
    id
}

async fn ended(stage: &Stage) -> Job {
    let id = confirmed(stage).await;
    stage.run_to_end(&id).await
}

async fn model_use(stage: &Stage, id: &JobId) -> ModelUse {
    let preview = preview::preview(&stage.ports, &stage.user, id).await;
    preview.unwrap().model.unwrap()
}

async fn reasons(stage: &Stage, id: &JobId) -> Vec<ItemReason> {
    let page = results::items(&stage.ports, &stage.user, id, None, None, 500).await;
    let items = page.unwrap().items.into_iter();
    items.filter_map(|item| item.reason).collect()
}

fn receipt() -> ItemResult {
    ItemResult {
        class: "receipt".to_owned(),
        percent: Some(90),
        detail: None,
        about: None,
    }
}

#[test]
fn without_a_yes_nothing_is_sent_and_the_built_in_model_tells() {
    block_on(async {
        let stage = stage(5).await;
        choose(&stage, &choice()).await;
        let id = confirmed(&stage).await;
        let told = model_use(&stage, &id).await;
        assert_eq!((told.name.as_str(), told.about_tokens), (built_in(), None));
        let note = told.note.unwrap();
        assert!(note.contains("gpt-x at api.example.com"), "{note}");
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 5));
        let model = job.model.unwrap();
        assert_eq!((model.name.as_str(), model.spent), (built_in(), None));
        assert!(stage.endpoints.calls().is_empty());
    });
}

#[test]
fn with_a_yes_the_endpoint_tells_and_what_it_took_is_told() {
    block_on(async {
        let stage = agreed(MemoryMailbox::new(10), &choice()).await;
        let id = confirmed(&stage).await;
        let told = model_use(&stage, &id).await;
        assert_eq!(told.name, "gpt-x at api.example.com");
        assert_eq!((told.endpoint, told.note), (Some(named()), None));
        // Of mails of a thousand bytes each.
        let about = about_tokens(10, Some(1_000), 1);
        assert_eq!(told.about_tokens, Some(about));
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 10));
        // How long a model takes says nothing of the account's server.
        assert_eq!(job.called, None);
        let model = job.model.unwrap();
        let spent = TokensSpent {
            requests: 10,
            untold: 0,
            input: 100,
            output: 10,
        };
        assert_eq!((model.endpoint, model.spent), (Some(named()), Some(spent)));
        assert_eq!(stage.endpoints.calls(), [4, 4, 2], "four side by side");
        assert!(
            stage
                .endpoints
                .keys()
                .iter()
                .all(|key| key.as_deref() == Some("sk-1"))
        );
        let page = results::items(&stage.ports, &stage.user, &id, None, None, 500).await;
        let mut items = page.unwrap().items.into_iter();
        assert!(items.all(|item| item.result == Some(receipt())));
    });
}

/// Ports where the first call like this to the account's server breaks off.
fn broken_once(stage: &Stage, is_it: fn(&Call<'_>) -> bool) -> Ports {
    let broke = AtomicBool::new(false);
    let by = intercept::by(move |moment, call| {
        let now = moment == Moment::BeforeEffect && is_it(call);
        match now && !broke.swap(true, Ordering::SeqCst) {
            true => Err(Failure::Unavailable),
            false => Ok(()),
        }
    });
    intercept::ports(&stage.ports, &by)
}

#[test]
fn who_could_not_read_the_mails_leaves_the_places_to_others() {
    block_on(async {
        let mut stage = agreed(MemoryMailbox::new(4), &choice()).await;
        let (first, second) = (drafted(&stage).await, drafted(&stage).await);
        stage.confirm(&first).await.unwrap();
        stage.confirm(&second).await.unwrap();
        stage.ports = broken_once(&stage, |call| matches!(call, Call::Fetch(_)));
        while stage.step().await.unwrap() {}
        assert_eq!(stage.endpoints.calls(), [4], "all places, and at once");
        for id in [first, second] {
            assert_eq!(stage.run_to_end(&id).await.counts.succeeded, 4);
        }
        assert_eq!(stage.endpoints.calls(), [4, 4]);
    });
}

#[test]
fn about_no_mails_nobody_is_asked() {
    block_on(async {
        let stage = agreed(MemoryMailbox::new(2), &choice()).await;
        let id = confirmed(&stage).await;
        stage.mailbox.delete(1);
        stage.mailbox.delete(2);
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.state, job.counts.skipped), (State::Completed, 2));
        assert!(stage.endpoints.calls().is_empty());
    });
}

/// How the mails are marked could not be told, so the model is asked again; both times cost.
#[test]
fn what_was_said_and_could_not_be_used_is_told_as_spent() {
    block_on(async {
        let mut stage = agreed(MemoryMailbox::new(3), &choice()).await;
        let process = Process::new(Certainty::Percent80, Then::Wait);
        let id = stage.draft(process.into(), Stage::inbox(), options()).await;
        let id = id.unwrap();
        stage.confirm(&id).await.unwrap();
        stage.ports = broken_once(&stage, |call| matches!(call, Call::Ask("states")));
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 3));
        assert_eq!(stage.endpoints.calls(), [3, 3]);
        let spent = job.model.unwrap().spent.unwrap();
        assert_eq!((spent.requests, spent.input, spent.output), (6, 60, 6));
    });
}

#[test]
fn another_job_than_one_about_mails_has_no_model() {
    block_on(async {
        let stage = agreed(MemoryMailbox::new(3), &choice()).await;
        let archived = stage.archived(options()).await.unwrap();
        assert_eq!(archived.model, None);
        assert!(stage.endpoints.calls().is_empty());
    });
}

#[test]
fn after_a_yes_was_taken_back_nothing_more_is_sent() {
    block_on(async {
        let stage = agreed(MemoryMailbox::new(8).in_chunks_of(4), &choice()).await;
        let id = confirmed(&stage).await;
        stage.step().await.unwrap();
        assert_eq!(stage.endpoints.calls(), [4]);
        withdraw(&stage).await;
        let job = stage.run_to_end(&id).await;
        assert_eq!(stage.endpoints.calls(), [4], "nothing since");
        assert_eq!((job.counts.succeeded, job.counts.failed), (4, 4));
        assert_eq!(reasons(&stage, &id).await, [ItemReason::NotAgreed; 4]);
        // Tried again with whoever tells now.
        let retry =
            bulkhead_engine::jobs::children::retry(&stage.ports, &stage.user, &id, 50).await;
        let retry = retry.unwrap();
        stage.run().await.unwrap();
        stage.confirm(&retry).await.unwrap();
        let retried = stage.run_to_end(&retry).await;
        assert_eq!(
            (
                retried.counts.succeeded,
                retried.model.unwrap().name.as_str()
            ),
            (4, built_in())
        );
        assert_eq!(stage.endpoints.calls(), [4]);
    });
}

#[test]
fn a_yes_that_is_taken_back_in_the_middle_of_a_chunk_stops_the_next_call() {
    block_on(async {
        let stage = agreed(MemoryMailbox::new(12).in_chunks_of(12), &choice()).await;
        let id = confirmed(&stage).await;
        let (ports, user, account) = (
            stage.ports.clone(),
            stage.user.clone(),
            stage.account.clone(),
        );
        stage.endpoints.instead(move |mails| {
            let withdrawn = thread::spawn(move || {
                block_on(async {
                    let account = access::account(&ports, &user, &account).await.unwrap();
                    models::withdraw(&ports, &user, &account).await.unwrap();
                });
            });
            withdrawn.join().unwrap();
            Told::all(vec![Ok(receipt()); mails])
        });
        let job = stage.run_to_end(&id).await;
        assert_eq!(stage.endpoints.calls(), [4]);
        assert_eq!((job.counts.succeeded, job.counts.failed), (4, 8));
    });
}

#[test]
fn a_confirmed_job_asks_no_other_model_than_the_one_that_was_shown() {
    block_on(async {
        let stage = agreed(MemoryMailbox::new(4), &choice()).await;
        let id = confirmed(&stage).await;
        let other = ChooseModel {
            model: "gpt-y".to_owned(),
            ..choice()
        };
        choose(&stage, &other).await;
        let account = access::account(&stage.ports, &stage.user, &stage.account).await;
        let to = NamedModel {
            model: "gpt-y".to_owned(),
            ..named()
        };
        models::agree(&stage.ports, &stage.user, &account.unwrap(), &to)
            .await
            .unwrap();
        let note = model_use(&stage, &id).await.note.unwrap();
        assert!(note.contains("another model"), "{note}");
        let job = stage.run_to_end(&id).await;
        assert_eq!(job.model.unwrap().name, "gpt-x at api.example.com");
        assert_eq!(reasons(&stage, &id).await, [ItemReason::NotAgreed; 4]);
        assert!(stage.endpoints.calls().is_empty());
        // What was agreed to for the one before does not count for this one, nor the other way round.
        assert!(agree(&stage).await.is_err());
        choose(&stage, &choice()).await;
        let chosen = models::chosen(&stage.ports, &stage.user).await.unwrap();
        assert!(chosen.agreed.is_empty());
    });
}

#[test]
fn the_model_is_part_of_what_is_confirmed() {
    block_on(async {
        let stage = stage(4).await;
        let hash = async |stage: &Stage| {
            let id = drafted(stage).await;
            stage.job(&id).await.unwrap().manifest_hash
        };
        let built_in = hash(&stage).await;
        assert_eq!(hash(&stage).await, built_in);
        choose(&stage, &choice()).await;
        agree(&stage).await.unwrap();
        assert_ne!(hash(&stage).await, built_in);
    });
}

#[test]
fn invariant_8_a_model_that_asks_to_wait_is_waited_for_and_holds_nobody_else_up() {
    block_on(async {
        let stage = agreed(MemoryMailbox::new(9), &choice()).await;
        let other = stage.draft(MarkRead {}.into(), stage.these([1, 2]), options());
        let other = other.await.unwrap();
        let id = confirmed(&stage).await;
        let until = stage.ports.clock.now() + SignedDuration::from_mins(10);
        stage.endpoints.instead(move |mails| Told {
            // One of them was told before.
            found: std::iter::once(Some(Ok(receipt())))
                .chain(vec![None; mails - 1])
                .collect(),
            broke: Some(CallError::Throttled { until: Some(until) }),
            spent: TokensSpent::default(),
        });
        stage.step().await.unwrap();
        let waiting = stage.job(&id).await.unwrap();
        assert_eq!(
            (waiting.state, waiting.counts.succeeded),
            (State::Paused, 1)
        );
        let why = StateReason::WaitingForProvider { until };
        assert_eq!(waiting.reason, Some(why));
        // The account's own provider may be asked meanwhile.
        stage.confirm(&other).await.unwrap();
        while stage.step().await.unwrap() {}
        assert_eq!(stage.job(&other).await.unwrap().state, State::Completed);
        assert!(stage.ports.clock.now() < until);
        assert_eq!(stage.endpoints.calls().len(), 1, "nobody asks before");
        let job = stage.run_to_end(&id).await;
        assert!(stage.ports.clock.now() >= until);
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 9));
    });
}

#[test]
fn requests_of_a_minute_are_not_exceeded() {
    block_on(async {
        let slow = ChooseModel {
            requests_per_minute: 3,
            ..choice()
        };
        let stage = agreed(MemoryMailbox::new(8).in_chunks_of(8), &slow).await;
        let begun = stage.ports.clock.now();
        let job = ended(&stage).await;
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 8));
        assert_eq!(stage.endpoints.calls(), [3, 3, 2]);
        let took = stage.ports.clock.now().duration_since(begun);
        assert!(took >= SignedDuration::from_mins(2), "{took:?}");
    });
}

#[test]
fn several_mails_of_a_request_are_one_of_the_minute() {
    block_on(async {
        let many = ChooseModel {
            side_by_side: 2,
            mails_per_request: 2,
            requests_per_minute: 2,
            ..choice()
        };
        let stage = agreed(MemoryMailbox::new(8).in_chunks_of(8), &many).await;
        let begun = stage.ports.clock.now();
        let job = ended(&stage).await;
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 8));
        assert_eq!(stage.endpoints.calls(), [4, 4]);
        assert!(stage.ports.clock.now().duration_since(begun) >= SignedDuration::from_mins(1));
    });
}

#[test]
fn two_lanes_share_the_places_that_there_are() {
    block_on(async {
        let stage = agreed(MemoryMailbox::new(8).in_chunks_of(4), &choice()).await;
        let ports = stage.ports.clone();
        let (id, second) = (drafted(&stage).await, drafted(&stage).await);
        stage.confirm(&id).await.unwrap();
        stage.confirm(&second).await.unwrap();
        // While the first call is under way somebody else of the same person asks too.
        let begun = second.clone();
        stage.endpoints.instead(move |mails| {
            let other = thread::spawn(move || {
                block_on(async {
                    let deadline = ports.clock.now() + SignedDuration::from_secs(30);
                    let message = bulkhead_engine::ports::Message::Chunk {
                        job: begun,
                        chunk: 0,
                    };
                    bulkhead_engine::work::handle(&ports, &message, deadline)
                        .await
                        .unwrap();
                });
            });
            other.join().unwrap();
            Told::all(vec![Ok(receipt()); mails])
        });
        stage.step().await.unwrap();
        assert_eq!(stage.endpoints.calls(), [4], "all places were taken");
        for id in [id, second] {
            let job = stage.run_to_end(&id).await;
            assert_eq!((job.state, job.counts.succeeded), (State::Completed, 8));
        }
    });
}

#[test]
fn what_keeps_the_model_from_telling_is_named() {
    block_on(async {
        type Fails = fn() -> CallError;
        let cases: [(Fails, ItemReason); 4] = [
            (|| CallError::SignIn, ItemReason::ModelKey),
            (
                || CallError::Refused(ItemReason::Refused),
                ItemReason::ModelRefused,
            ),
            (
                || CallError::Unsupported("no".to_owned()),
                ItemReason::ModelRefused,
            ),
            (
                || CallError::Unavailable("gone".to_owned()),
                ItemReason::ModelUnavailable,
            ),
        ];
        for (fails, reason) in cases {
            let stage = agreed(MemoryMailbox::new(3), &choice()).await;
            for _ in 0..20 {
                stage
                    .endpoints
                    .instead(move |mails| Told::nothing(mails, fails()));
            }
            let id = confirmed(&stage).await;
            let job = stage.run_to_end(&id).await;
            assert_eq!(job.counts.failed, 3, "{reason:?}");
            assert_eq!(reasons(&stage, &id).await, [reason; 3]);
            let calls = stage.endpoints.calls().len();
            let again = reason == ItemReason::ModelUnavailable;
            assert_eq!(calls > 1, again, "{reason:?}: {calls} calls");
        }
    });
}

#[test]
fn a_model_that_was_away_for_a_moment_is_asked_again() {
    block_on(async {
        let stage = agreed(MemoryMailbox::new(3), &choice()).await;
        stage
            .endpoints
            .instead(|mails| Told::nothing(mails, CallError::Unavailable("gone".to_owned())));
        let job = ended(&stage).await;
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 3));
        assert_eq!(stage.endpoints.calls(), [3, 3]);
    });
}

#[test]
fn what_is_told_of_a_choice_and_of_a_yes() {
    block_on(async {
        let stage = agreed(MemoryMailbox::new(1), &choice()).await;
        let now = stage.ports.clock.now();
        let chosen = models::chosen(&stage.ports, &stage.user).await.unwrap();
        let endpoint = ModelEndpoint {
            url: URL.to_owned(),
            named: named(),
            has_key: true,
            requests_per_minute: 1_000,
            side_by_side: 4,
            mails_per_request: 1,
            chosen_at: now,
        };
        assert_eq!((chosen.endpoint, chosen.deployed), (Some(endpoint), None));
        let yes = AgreedAccount {
            account: stage.account.clone(),
            at: now,
        };
        assert_eq!(chosen.agreed, [yes]);
    });
}

#[test]
fn a_preview_says_what_became_of_the_yes_since_its_draft() {
    block_on(async {
        let stage = agreed(MemoryMailbox::new(4), &choice()).await;
        let id = drafted(&stage).await;
        let note = async |id: &JobId| model_use(&stage, id).await.note;
        assert_eq!(note(&id).await, None);
        withdraw(&stage).await;
        let text = "You chose another model since, or took your yes back: nothing would be sent, and no mail classified. \
                    Begin again.";
        assert_eq!(note(&id).await.as_deref(), Some(text));
        let built_in_one = drafted(&stage).await;
        let text =
            "You have not agreed that mails of this account are sent to gpt-x at api.example.com.";
        assert_eq!(note(&built_in_one).await.as_deref(), Some(text));
        agree(&stage).await.unwrap();
        // What was drafted for the one asks it, and what was drafted for the other does not.
        assert_eq!(note(&id).await, None);
        assert_eq!(note(&built_in_one).await, None);
        assert_eq!(model_use(&stage, &built_in_one).await.name, built_in());
        models::forget(&stage.ports, &stage.user).await.unwrap();
        assert!(
            note(&id)
                .await
                .is_some_and(|note| note.ends_with("Begin again."))
        );
        assert_eq!(note(&built_in_one).await, None);
    });
}

#[test]
fn a_key_stays_with_its_address_and_is_never_told() {
    block_on(async {
        let stage = agreed(MemoryMailbox::new(1), &choice()).await;
        let without = |url: &str| ChooseModel {
            url: url.to_owned(),
            key: None,
            ..choice()
        };
        choose(&stage, &without(URL)).await;
        let has_key = async || {
            let chosen = models::chosen(&stage.ports, &stage.user).await.unwrap();
            chosen.endpoint.unwrap().has_key
        };
        assert!(has_key().await);
        assert_eq!(ended(&stage).await.counts.succeeded, 1);
        assert_eq!(stage.endpoints.keys(), [Some("sk-1".to_owned())]);
        choose(&stage, &without("https://other.example.com/v1")).await;
        assert!(!has_key().await, "it is another address");
        let chosen = models::chosen(&stage.ports, &stage.user).await.unwrap();
        let told = format!("{chosen:?}");
        assert!(!told.contains("sk-1"), "{told}");
        assert!(chosen.agreed.is_empty());
    });
}

#[test]
fn an_address_that_may_not_be_asked_is_refused_at_once() {
    block_on(async {
        let stage = stage(1).await;
        for url in ["https://forbidden.example.com/v1", "nonsense"] {
            let wanted = ChooseModel {
                url: url.to_owned(),
                ..choice()
            };
            let refused = models::choose(&stage.ports, &stage.user, &wanted).await;
            assert!(matches!(refused, Err(Error::Invalid(invalid)) if invalid.field == "url"));
        }
        let chosen = models::chosen(&stage.ports, &stage.user).await.unwrap();
        assert_eq!((chosen.name.as_str(), chosen.endpoint), (built_in(), None));
        assert!(matches!(agree(&stage).await, Err(Error::NotPossible(_))));
    });
}

#[test]
fn what_would_be_sent_is_shown_before_it_is_agreed_to() {
    block_on(async {
        let stage = stage(3).await;
        choose(&stage, &choice()).await;
        let account = access::account(&stage.ports, &stage.user, &stage.account).await;
        let account = account.unwrap();
        let seen = async || {
            models::consent(&stage.ports, &stage.user, &account)
                .await
                .unwrap()
        };
        let before = seen().await;
        assert_eq!((before.endpoint, before.agreed_at), (Some(named()), None));
        let example = before.example.unwrap();
        assert_eq!(example, "Subject: 3\n\nFrom the beginning.");
        let headers = "From To Subject Date List-Id List-Unsubscribe Precedence Auto-Submitted";
        assert_eq!(before.headers.join(" "), headers);
        assert_eq!(before.text_bytes, 2_000);
        agree(&stage).await.unwrap();
        assert!(seen().await.agreed_at.is_some());
        assert!(stage.endpoints.calls().is_empty(), "a look sends nothing");
        models::forget(&stage.ports, &stage.user).await.unwrap();
        let after = seen().await;
        assert_eq!((after.endpoint, after.agreed_at), (None, None));
        choose(&stage, &choice()).await;
        assert!(seen().await.agreed_at.is_none(), "it has to be said anew");
    });
}

#[test]
fn a_yes_is_forgotten_with_its_account() {
    block_on(async {
        let stage = agreed(MemoryMailbox::new(1), &choice()).await;
        let account = access::account(&stage.ports, &stage.user, &stage.account).await;
        accounts::delete(&stage.ports, &stage.user, account.unwrap())
            .await
            .unwrap();
        let chosen = models::chosen(&stage.ports, &stage.user).await.unwrap();
        assert!(chosen.agreed.is_empty());
        stage.clock.advance(Duration::from_secs(1));
    });
}

/// Whoever runs this offers a model. It is named, and asked only after a yes; who chose another one is told by that.
#[test]
fn a_model_of_the_deployment_counts_for_who_chose_none_and_is_sent_nothing_without_a_yes() {
    block_on(async {
        let mut stage = stage(3).await;
        stage.ports.deployed = Some(DeployedModel::new(choice()).unwrap());
        let chosen = models::chosen(&stage.ports, &stage.user).await.unwrap();
        assert_eq!(chosen.name, "gpt-x at api.example.com");
        assert_eq!((chosen.endpoint, chosen.deployed), (None, Some(named())));
        let job = ended(&stage).await;
        assert_eq!(job.model.unwrap().name, built_in());
        assert!(stage.endpoints.calls().is_empty());

        agree(&stage).await.unwrap();
        let job = ended(&stage).await;
        assert_eq!(job.model.unwrap().name, "gpt-x at api.example.com");
        let keys = stage.endpoints.keys();
        assert!(keys.iter().all(|key| key.as_deref() == Some("sk-1")) && !keys.is_empty());

        // The same address without a key is not given the deployment's, and is another choice to agree to.
        let own = ChooseModel {
            model: "own".to_owned(),
            key: None,
            ..choice()
        };
        choose(&stage, &own).await;
        assert_eq!(ended(&stage).await.model.unwrap().name, built_in());
        let account = access::account(&stage.ports, &stage.user, &stage.account).await;
        let to = NamedModel {
            model: "own".to_owned(),
            ..named()
        };
        models::agree(&stage.ports, &stage.user, &account.unwrap(), &to)
            .await
            .unwrap();
        let before = stage.endpoints.keys().len();
        assert_eq!(
            ended(&stage).await.model.unwrap().name,
            "own at api.example.com"
        );
        assert!(stage.endpoints.keys()[before..].iter().all(Option::is_none));

        // Back to what is offered, and nothing that was agreed to stays.
        models::forget(&stage.ports, &stage.user).await.unwrap();
        let chosen = models::chosen(&stage.ports, &stage.user).await.unwrap();
        assert_eq!(
            (chosen.name.as_str(), chosen.agreed.len()),
            ("gpt-x at api.example.com", 0)
        );
        assert_eq!(ended(&stage).await.model.unwrap().name, built_in());
    });
}
