#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

fn id(name: &str) -> ItemId {
    name.parse().unwrap()
}

fn at(place: usize) -> Anchor {
    Anchor {
        place,
        id: id(&format!("m{place}")),
    }
}

fn ids(places: Range<usize>) -> Vec<ItemId> {
    places.map(|place| at(place).id).collect()
}

fn after(actions: Vec<Pick>) -> Rc<Picks> {
    actions
        .into_iter()
        .fold(Rc::new(Picks::default()), Picks::reduce)
}

fn these(places: Range<usize>) -> Pick {
    Pick::These {
        ids: ids(places),
        picked: true,
    }
}

#[test]
fn ticking_twice_leaves_nothing() {
    let picks = after(vec![Pick::Toggle(at(1)), Pick::Toggle(at(1))]);
    assert!(picks.is_empty());
    assert_eq!(picks.count(None), Some(0));
    assert_eq!(picks.anchor(), Some(&at(1)));
}

#[test]
fn a_stretch_is_shown_before_it_is_known_which_rows_it_is() {
    let awaited = Stretch {
        places: 3..6,
        picked: true,
    };
    let picks = after(vec![Pick::Toggle(at(3)), Pick::Await(awaited)]);
    assert!(picks.is_awaiting() && !picks.is_empty());
    assert!(picks.shows(5, None) && !picks.shows(6, None));
    let known = picks.reduce(these(3..6));
    assert!(!known.is_awaiting());
    assert_eq!(known.count(None), Some(3));
    assert!(known.shows(4, Some(&at(4).id)) && !known.shows(6, Some(&at(6).id)));
}

#[test]
fn a_stretch_longer_than_a_request_becomes_all_that_match_except_the_others() {
    let total = 20_000;
    let picks = after(vec![
        Pick::Toggle(at(0)),
        Pick::AllBut {
            outside: ids(0..2),
            picked: true,
        },
    ]);
    assert!(picks.is_all_matching());
    assert!(picks.has(&at(0).id), "what was picked before stays picked");
    assert!(!picks.has(&at(1).id) && picks.has(&at(9_999).id));
    assert_eq!(picks.count(Some(total)), Some(total - 1));
}

#[test]
fn unticking_most_of_all_that_match_leaves_a_few_by_name() {
    let picks = after(vec![
        Pick::AllMatching,
        Pick::Toggle(at(1)),
        Pick::AllBut {
            outside: ids(0..3),
            picked: false,
        },
    ]);
    assert!(!picks.is_all_matching());
    assert_eq!(picks.count(None), Some(2), "the third was unticked before");
    assert!(picks.has(&at(0).id) && picks.has(&at(2).id) && !picks.has(&at(1).id));
}

#[test]
fn the_header_ticks_all_that_match() {
    let picks = after(vec![Pick::AllMatching]);
    assert_eq!(picks.header(100_000), HeaderTick::All);
    assert_eq!(picks.count(Some(100_000)), Some(100_000));
    let but_one = picks.reduce(Pick::Toggle(at(7)));
    assert_eq!(but_one.header(100_000), HeaderTick::Some);
    assert_eq!((but_one.left_out(), but_one.is_all_matching()), (1, true));
    let selection = but_one.to_selection("in:inbox");
    let wanted = Selection::Query {
        query: "in:inbox".to_owned(),
        except: vec![at(7).id],
    };
    assert_eq!(selection, wanted);
}

#[test]
fn every_row_by_name_is_all_too() {
    assert_eq!(after(vec![these(0..4)]).header(4), HeaderTick::All);
    assert_eq!(after(vec![these(0..4)]).header(5), HeaderTick::Some);
    assert_eq!(after(vec![]).header(0), HeaderTick::None);
}

#[test]
fn the_limit_is_told_before_it_is_reached() {
    let most = limits::IDS_PER_REQUEST;
    assert_eq!(after(vec![these(0..10)]).room(), Room::Plenty);
    assert_eq!(after(vec![these(0..most - 3)]).room(), Room::Near(3));
    assert_eq!(after(vec![these(0..most + 1)]).room(), Room::Over);
    assert_eq!(
        after(vec![these(0..1), Pick::Leave(Unticked::TooMany)]).room(),
        Room::Over
    );
    // A range that was too long for any request, and the next one begins where it was to end.
    let refused = vec![
        these(0..1),
        Pick::Leave(Unticked::TooMany),
        Pick::From(at(5)),
    ];
    assert_eq!(after(refused).room(), Room::Over);
    let less = after(vec![
        these(0..1),
        Pick::Leave(Unticked::TooMany),
        Pick::Toggle(at(5)),
    ]);
    assert_eq!(less.room(), Room::Plenty);
}

#[test]
fn clearing_forgets_everything() {
    let awaited = Stretch {
        places: 0..9,
        picked: true,
    };
    let picks = after(vec![Pick::AllMatching, Pick::Await(awaited), Pick::Clear]);
    assert_eq!(*picks, Picks::default());
}

#[test]
fn what_is_picked_can_be_asked_for_once_all_of_it_is_known() {
    let awaited = Pick::Await(Stretch {
        places: 3..900,
        picked: true,
    });
    assert!(!after(vec![]).is_ready());
    assert!(after(vec![Pick::Toggle(at(3))]).is_ready());
    let awaiting = after(vec![Pick::Toggle(at(3)), awaited]);
    assert!(!awaiting.is_ready());
    assert!(!after(vec![these(0..1), Pick::Leave(Unticked::TooMany)]).is_ready());
    // The list has changed: what was picked before is, and it is said until something else is done.
    let left = awaiting.reduce(Pick::Leave(Unticked::Changed));
    assert!(left.is_ready() && !left.is_awaiting());
    assert_eq!(
        (left.count(None), left.unticked()),
        (Some(1), Some(Unticked::Changed))
    );
    assert_eq!(left.reduce(Pick::Toggle(at(4))).unticked(), None);
}
