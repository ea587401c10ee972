//! Getting in, and what is kept of what went out.

use bulkhead_engine::ports::{CallError, Delivery, SentCopy};
use bulkhead_shared::api::Security;
use bulkhead_shared::hash::sha256;

use crate::support::{World, letter};

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_goes_out_as_it_is_and_its_copy_is_found_by_its_id() {
    let world = World::start();
    let postbox = world.plain().await;
    let sent: Vec<_> = (0..20).map(|number| letter(number, "bo")).collect();
    for one in &sent {
        postbox.ready().await.unwrap();
        let delivered = postbox.deliver(std::slice::from_ref(one)).await.unwrap();
        assert_eq!(delivered, [Delivery::Done]);
    }
    assert_eq!(world.exim.wait_for(20), 20);
    let arrived = world.exim.arrived();
    for mail in &arrived["bo@example.org"] {
        let text = String::from_utf8_lossy(mail);
        assert!(text.contains("\n.one dot\n..two dots\nDear bo\n"), "{text}");
    }
    // One connection for all of them.
    let log = world.exim.log();
    let logged = log.lines().filter(|line| line.contains(" <= ")).count();
    assert_eq!(logged, 20, "{log}");

    let mut ids: Vec<_> = sent.iter().map(|letter| letter.id.clone()).collect();
    ids.push("snd_other.1@example.org".parse().unwrap());
    let found = postbox.find(&ids).await.unwrap();
    let expected = sent
        .iter()
        .map(|letter| SentCopy::Ours(sha256(&letter.bytes)));
    let expected: Vec<_> = expected.chain([SentCopy::NotFound]).collect();
    assert_eq!(found, expected);
    let copies = world.dovecot.client().contents("Sent");
    assert_eq!(copies.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn encrypted_from_the_first_byte_or_later_and_never_to_a_stranger() {
    let world = World::start();
    let exim = &world.exim;
    for (number, (port, security)) in [
        (exim.tls_port, Security::Tls),
        (exim.port, Security::StartTls),
        (exim.port, Security::None),
    ]
    .into_iter()
    .enumerate()
    {
        let postbox = world.by(port, security, &exim.password).await;
        postbox.ready().await.unwrap();
        let delivered = postbox.deliver(&[letter(number, "bo")]).await.unwrap();
        assert_eq!(delivered, [Delivery::Done], "{security:?}");
    }
    assert_eq!(exim.taken().len(), 3);
    assert_eq!(exim.log().matches("P=esmtpsa").count(), 2, "{}", exim.log());
    // The other server's certificate is good, but not for a port that speaks something else.
    let wrong = world.by(exim.port, Security::Tls, &exim.password).await;
    assert!(matches!(
        wrong.ready().await,
        Err(CallError::Unavailable(_))
    ));
}
