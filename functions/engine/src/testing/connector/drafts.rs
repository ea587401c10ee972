//! Rules about drafts: each is there once, is what was put, and can be taken out of sight and brought back.

use bulkhead_shared::api::Role;
use bulkhead_shared::ids::ItemId;

use super::under_test::{TAG, UnderTest, done};
use crate::kinds::mail::{Change, ItemState};
use crate::ports::{Envelope, Letter};
use crate::reading::Beginnings;

/// Drafts whose ids begin alike, so that who looks for a part of one finds two.
fn letters() -> Vec<Letter> {
    let letter = |id: &str| {
        let text = format!(
            "Message-ID: <{id}>\r\nFrom: owner@home.example\r\nTo: Ann <ann@one.example>\r\n\
             Subject: Re: apple fresh fruit\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=\"utf-8\"\r\n\r\nYes =\r\n{id}.\r\n"
        );
        Letter {
            id: id.parse().unwrap(),
            envelope: Envelope::default(),
            bytes: text.into_bytes(),
        }
    };
    ["draft-1@home.example", "draft-11@home.example"]
        .map(letter)
        .into()
}

async fn put<T: UnderTest>(under_test: &T) -> Vec<(ItemId, ItemState)> {
    let effects = under_test.drafts().put(&letters()).await.unwrap();
    effects.into_iter().map(done).collect()
}

async fn find<T: UnderTest>(under_test: &T) -> Vec<Option<(ItemId, ItemState)>> {
    let ids: Vec<ItemId> = letters().into_iter().map(|letter| letter.id).collect();
    under_test.drafts().find(&ids).await.unwrap()
}

pub(super) async fn a_draft_is_there_once_however_often_it_is_put<T: UnderTest>(under_test: &T) {
    assert_eq!(find(under_test).await, [None, None]);
    let drafts = put(under_test).await;
    let mail = under_test.connector();
    let folder = mail.folder_for(Role::Drafts).await.unwrap();
    for (id, state) in &drafts {
        let now = mail.states(std::slice::from_ref(id)).await.unwrap();
        assert_eq!(
            now,
            [Some(state.clone())],
            "the effect's state is not the draft's"
        );
        assert_eq!(state.state.folder, folder);
        for flag in ["\\Draft", "\\Seen"] {
            assert!(state.state.flags.contains(flag), "{state:?}");
        }
    }
    assert_eq!(put(under_test).await, drafts);
    let found: Vec<_> = drafts.into_iter().map(Some).collect();
    assert_eq!(find(under_test).await, found);
    let listed = mail.folders().await.unwrap().folders;
    let listed = listed.into_iter().find(|it| it.name == folder).unwrap();
    assert!(listed.total.is_none_or(|total| total == 2), "{listed:?}");
}

pub(super) async fn a_draft_is_what_was_put<T: UnderTest>(under_test: &T) {
    let ids: Vec<ItemId> = put(under_test).await.into_iter().map(|it| it.0).collect();
    let mut whole = Beginnings::new(ids.len(), 10_000);
    let mail = under_test.connector();
    mail.fetch(&ids, &mut whole).await.unwrap();
    let put: Vec<_> = letters().into_iter().map(|it| Some(Ok(it.bytes))).collect();
    assert_eq!(whole.finish(), put);
}

pub(super) async fn a_draft_goes_out_of_sight_and_comes_back<T: UnderTest>(under_test: &T) {
    let mail = under_test.connector();
    let (id, from) = put(under_test).await.remove(0);
    let mut to = from.state.clone();
    to.folder = mail.folder_for(Role::Trash).await.unwrap();
    let there = [Change {
        id,
        from: from.clone(),
        to,
    }];
    let gone = mail.change(&there, TAG).await.unwrap().remove(0);
    let (id, gone) = done(gone);
    assert!(find(under_test).await[0].is_none() && find(under_test).await[1].is_some());
    let back = [Change {
        id,
        from: gone,
        to: from.state.clone(),
    }];
    let back = mail.change(&back, "b1b2b3b4b5b6").await.unwrap().remove(0);
    let back = done(back);
    assert_eq!(back.1.state, from.state);
    assert_eq!(find(under_test).await[0], Some(back));
}
