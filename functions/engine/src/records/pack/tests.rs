#![allow(clippy::unwrap_used)]
use super::*;
use bulkhead_shared::ids::ItemId;

const KIND: u8 = 7;

/// Bytes that no compression makes smaller.
fn noise(bytes: usize) -> Vec<u8> {
    let blocks = (0..bytes.div_ceil(32) as u64).map(|n| Sha256::digest(n.to_be_bytes()));
    let mut noise: Vec<u8> = blocks.flatten().collect();
    noise.truncate(bytes);
    noise
}

#[test]
fn comes_back_as_it_was_and_small() {
    let ids: Vec<ItemId> = (0..1000)
        .map(|n| format!("INBOX/1700000000/{n}").parse().unwrap())
        .collect();
    let packed = pack(&ids).unwrap();
    assert!(packed.head.len() < 8_000, "{} bytes", packed.head.len());
    assert_eq!(packed.pieces.len(), 0);
    assert_eq!(unpack::<Vec<ItemId>>(&packed.head, &[]).unwrap(), ids);
}

#[test]
fn whatever_is_cut_off_is_noticed() {
    let packed = seal(KIND, 1, &noise(500)).unwrap();
    for cut in 0..packed.head.len() {
        let read = open(KIND, &packed.head[..cut], &[]);
        assert!(matches!(read, Err(Unreadable::Damaged(..))), "cut at {cut}");
    }
    let longer = [packed.head.as_slice(), &[0]].concat();
    assert!(matches!(
        open(KIND, &longer, &[]),
        Err(Unreadable::Damaged(..))
    ));
}

#[test]
fn whatever_is_changed_is_noticed() {
    let packed = seal(KIND, 1, &noise(200)).unwrap().head;
    for place in 0..packed.len() {
        for bit in 0..8 {
            let mut changed = packed.clone();
            changed[place] ^= 1 << bit;
            let read = open(KIND, &changed, &[]);
            match place {
                // Another form has its bytes elsewhere.
                0 => assert!(read.is_err(), "form {}", changed[0]),
                _ => assert!(matches!(read, Err(Unreadable::Damaged(..))), "byte {place}"),
            }
        }
    }
}

#[test]
fn newer_is_told_apart_from_damaged() {
    let head = pack(&vec![1u32, 2, 3]).unwrap().head;
    let form = [&[FORM + 1], &head[1..]].concat();
    assert!(matches!(
        unpack::<Vec<u32>>(&form, &[]),
        Err(Unreadable::Newer(Newer::Form(3)))
    ));
    let kind = <Vec<u32> as Packable>::KIND as u8;
    let schema = seal(kind, 99, b"whatever it is").unwrap().head;
    let expected = Newer::Schema { kind, schema: 99 };
    assert!(matches!(
        unpack::<Vec<u32>>(&schema, &[]),
        Err(Unreadable::Newer(newer)) if newer == expected
    ));
}

#[test]
fn a_row_of_another_kind_is_not_taken_for_this_one() {
    let places = pack(&vec![1u32]).unwrap().head;
    assert!(matches!(
        unpack::<Vec<ItemId>>(&places, &[]),
        Err(Unreadable::Damaged(..))
    ));
}

#[test]
fn what_is_larger_than_a_row_goes_on_in_others() {
    let plain = noise(3 * ROW_BYTES_MOST);
    let packed = seal(KIND, 1, &plain).unwrap();
    assert_eq!(packed.pieces.len(), 3);
    let rows = [&packed.head].into_iter().chain(&packed.pieces);
    assert!(rows.clone().all(|row| row.len() <= ROW_BYTES_MOST));
    // All but the last are as full as a row may be.
    let full = rows.clone().filter(|row| row.len() == 380_000);
    assert_eq!(full.count(), 3);
    assert_eq!(continued(&packed.head), (3, packed.stamp.clone()));
    assert_eq!(
        open(KIND, &packed.head, &packed.pieces).unwrap(),
        (1, plain)
    );

    let other = seal(KIND, 1, &noise(3 * ROW_BYTES_MOST - 1)).unwrap();
    assert_ne!(other.stamp, packed.stamp, "no two contents share a piece");
    let mut swapped = packed.pieces.clone();
    swapped.swap(0, 1);
    for pieces in [&packed.pieces[..2], &[], &swapped, &other.pieces] {
        let read = open(KIND, &packed.head, pieces);
        assert!(matches!(read, Err(Unreadable::Damaged(..))));
    }
}

#[test]
fn neither_too_large_a_record_nor_a_bomb_fills_the_memory() {
    let most = vec![0; PLAIN_BYTES_MOST];
    let sealed = seal(KIND, 1, &most).unwrap();
    assert!(open(KIND, &sealed.head, &sealed.pieces).unwrap() == (1, most));
    let more = vec![0; PLAIN_BYTES_MOST + 1];
    assert!(matches!(
        seal(KIND, 1, &more),
        Err(NotStorable::TooLarge(_))
    ));
    let bomb = [&[BARE_FORM], deflate(&more).unwrap().as_slice()].concat();
    assert!(matches!(
        open(KIND, &bomb, &[]),
        Err(Unreadable::Damaged(..))
    ));
}

#[test]
fn a_list_of_another_length_is_damaged() {
    assert_eq!(one_each::<u8>(None, 2).unwrap(), [None, None]);
    assert!(one_each(Some(vec![Some(1)]), 1).is_ok());
    assert!(matches!(
        one_each(Some(vec![Some(1)]), 2),
        Err(Unreadable::Damaged(..))
    ));
}

#[test]
fn only_what_can_be_read_names_rows_in_which_it_goes_on() {
    let head = [2, KIND, 1, 3, 0xab, 1, 2, 3, 4, 5, 6, 0xcd];
    assert_eq!(continued(&head), (3, "ab010203040506cd".to_owned()));
    assert_eq!(continued(&head[..11]), (0, String::new()));
    for form in [0, 1, 3] {
        let mut other = head;
        other[0] = form;
        assert_eq!(continued(&other), (0, String::new()), "{form}");
    }
}

#[test]
fn what_is_damaged_says_how() {
    let cases: [(&[u8], &str); 5] = [
        (&[], "it has no form"),
        (&[0, KIND, 1, 0], "it has no form"),
        (&[2, KIND, 1], "it has no form"),
        (&[2, KIND, 1, 0, 9], "it is cut off"),
        (&[1, 0xff], "it cannot be inflated"),
    ];
    for (head, words) in cases {
        let Err(Unreadable::Damaged(why, _)) = open(KIND, head, &[]) else {
            panic!("{head:?}");
        };
        assert_eq!(why, words);
    }
}
