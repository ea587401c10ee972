#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

fn id(name: &str) -> ItemId {
    name.parse().unwrap()
}

fn listed(names: &[&str]) -> Rc<Vec<ItemId>> {
    Rc::new(names.iter().map(|name| id(name)).collect())
}

fn after(actions: Vec<Pick>) -> Rc<Picks> {
    actions
        .into_iter()
        .fold(Rc::new(Picks::default()), Picks::reduce)
}

#[test]
fn ticking_twice_leaves_nothing() {
    let picks = after(vec![Pick::Toggle(id("a")), Pick::Toggle(id("a"))]);
    assert!(picks.is_empty());
    assert_eq!(picks.count(None), Some(0));
}

#[test]
fn a_range_takes_both_ends_and_works_upwards_too() {
    let list = listed(&["a", "b", "c", "d"]);
    let picks = after(vec![
        Pick::Toggle(id("d")),
        Pick::Range {
            to: id("b"),
            listed: Rc::clone(&list),
        },
    ]);
    assert_eq!(picks.count(None), Some(3));
    assert!(!picks.has(&id("a")));
    let unticked = picks.reduce(Pick::Range {
        to: id("c"),
        listed: list,
    });
    assert!(!unticked.has(&id("b")) && !unticked.has(&id("c")) && unticked.has(&id("d")));
}

#[test]
fn a_range_without_a_start_is_one_tick() {
    let picks = after(vec![Pick::Range {
        to: id("b"),
        listed: listed(&["a", "b"]),
    }]);
    assert_eq!(picks.count(None), Some(1));
}

#[test]
fn the_header_fills_a_half_ticked_page_and_empties_a_full_one() {
    let list = listed(&["a", "b", "c"]);
    let half = after(vec![Pick::Toggle(id("b"))]);
    assert_eq!(half.header(&list), HeaderTick::Some);
    let full = half.reduce(Pick::Page(Rc::clone(&list)));
    assert_eq!(full.header(&list), HeaderTick::All);
    let empty = full.reduce(Pick::Page(Rc::clone(&list)));
    assert_eq!(empty.header(&list), HeaderTick::None);
    assert_eq!(Picks::default().header(&[]), HeaderTick::None);
}

#[test]
fn unticking_after_all_that_match_makes_exceptions() {
    let picks = after(vec![
        Pick::Page(listed(&["a", "b"])),
        Pick::AllMatching,
        Pick::Toggle(id("a")),
    ]);
    assert!(picks.is_all_matching());
    assert_eq!(picks.left_out(), 1);
    assert_eq!(picks.count(Some(12_404)), Some(12_403));
    assert_eq!(picks.count(None), None);
    assert_eq!(
        picks.to_selection("from:shop"),
        Selection::Query {
            query: "from:shop".into(),
            except: vec![id("a")],
        }
    );
    assert!(picks.reduce(Pick::Clear).is_empty());
}

#[test]
fn warns_near_the_limit_and_blocks_above_it() {
    let names = |count: usize| Rc::new((0..count).map(|n| id(&format!("m{n}"))).collect());
    let room = |count| after(vec![Pick::Page(names(count))]).room();
    assert_eq!(room(100), Room::Plenty);
    assert_eq!(room(9_000), Room::Near(1_000));
    assert_eq!(room(10_000), Room::Near(0));
    assert_eq!(room(10_001), Room::Over);
}

#[test]
fn a_picked_mail_that_left_the_list_is_told_and_can_be_left_out() {
    let picks = after(vec![Pick::Toggle(id("a")), Pick::Toggle(id("b"))]);
    let list = listed(&["b", "c"]);
    assert_eq!((picks.count(None), picks.unlisted(&list)), (Some(2), 1));
    let left = picks.reduce(Pick::Only(Rc::clone(&list)));
    assert_eq!((left.count(None), left.unlisted(&list)), (Some(1), 0));
    assert!(left.has(&id("b")));
    let all = left.reduce(Pick::AllMatching);
    assert_eq!(all.unlisted(&list), 0);
}
