use super::*;
use crate::kernel::money::Currency;
use PaymentStatus::*;

const AT: Instant = Instant(1_772_442_000_000);

fn order(card: Script) -> ChargeOrder {
    ChargeOrder {
        key: format!("pay_{card}"),
        amount: Money::new(12_000, Currency::Eur),
        method: card.key().into(),
        customer: "org_1".into(),
        description: "10 licences".into(),
        return_url: Some("http://127.0.0.1:3000/back".into()),
        created_at: AT,
    }
}

fn add<T>(book: &mut Book, (entries, answer): (Vec<Entry>, T)) -> T {
    entries.into_iter().for_each(|entry| book.apply(entry, AT));
    answer
}

fn charge(book: &mut Book, order: &ChargeOrder) -> Result<ChargeOutcome, PortError> {
    let decided = book.charge(order);
    add(book, decided)
}

/// Delivers everything; what was told, and where the charge stood after each.
fn tell_all(book: &mut Book, key: &str) -> Vec<(String, PaymentStatus)> {
    let mut told = Vec::new();
    for (_, letter) in book.outgoing() {
        if let Some(entry) = book.comes_true(&letter) {
            book.apply(entry, AT);
        }
        book.apply(Entry::Delivered { letter: letter.id.clone() }, AT);
        told.push((letter.event.kind, book.look_up(key).unwrap().status));
    }
    assert_eq!(book.outgoing(), []);
    told
}

#[test]
fn every_card_does_what_its_name_says() {
    use Script::*;
    type Case = (Script, PaymentStatus, Option<Failure>, &'static [(&'static str, PaymentStatus)]);
    let cases: [Case; 10] = [
        (Approve, Succeeded, None, &[("succeeded", Succeeded)]),
        (Decline, Failed, Some(Failure::Declined), &[("failed", Failed)]),
        (InsufficientFunds, Failed, Some(Failure::InsufficientFunds), &[("failed", Failed)]),
        (ExpiredCard, Failed, Some(Failure::ExpiredCard), &[("failed", Failed)]),
        (ActionRequired, RequiresAction, None, &[("action_required", RequiresAction)]),
        (LateWebhook, Processing, None, &[("succeeded", Succeeded)]),
        (DuplicateWebhook, Succeeded, None, &[("succeeded", Succeeded), ("succeeded", Succeeded)]),
        (ReorderedWebhook, Processing, None, &[("succeeded", Succeeded), ("action_required", Succeeded)]),
        (
            Chargeback,
            Succeeded,
            None,
            &[("succeeded", Succeeded), ("dispute_opened", Disputed), ("dispute_lost", Lost)],
        ),
        (
            ChargebackWon,
            Succeeded,
            None,
            &[("succeeded", Succeeded), ("dispute_opened", Disputed), ("dispute_won", Won)],
        ),
    ];
    for (card, status, failure, news) in cases {
        let (mut book, order) = (Book::default(), order(card));
        let outcome = charge(&mut book, &order).unwrap();
        assert_eq!((outcome.status, outcome.failure), (status, failure), "{card}");
        let told = tell_all(&mut book, &order.key);
        let told: Vec<_> = told.iter().map(|(kind, status)| (kind.as_str(), *status)).collect();
        assert_eq!(told, news, "{card}");
        // Asked again with the same key: the first answer, and nothing more is told.
        assert_eq!(charge(&mut book, &order), Ok(outcome), "{card}");
        assert_eq!(book.outgoing(), [], "{card}");
    }
}

#[test]
fn news_told_twice_are_the_same_and_stale_news_have_an_earlier_time() {
    let mut book = Book::default();
    charge(&mut book, &order(Script::DuplicateWebhook)).unwrap();
    let told: Vec<_> = book.outgoing().into_iter().map(|(_, letter)| letter).collect();
    assert_eq!(told[0].event, told[1].event);
    assert_ne!(told[0].id, told[1].id);
    let mut book = Book::default();
    charge(&mut book, &order(Script::ReorderedWebhook)).unwrap();
    let times: Vec<_> = book.outgoing().into_iter().map(|(_, l)| l.event.at).collect();
    assert!(times[1] < times[0]);
}

#[test]
fn a_lost_answer_charges_once_and_a_lost_request_when_it_comes_again() {
    for (card, before) in [(Script::Timeout, 1), (Script::TimeoutBefore, 0)] {
        let (mut book, order) = (Book::default(), order(card));
        assert_eq!(charge(&mut book, &order), Err(PortError::Timeout), "{card}");
        assert_eq!(book.charged().len(), before, "{card}");
        assert_eq!(book.look_up(&order.key).is_some(), before == 1, "{card}");
        for _ in 0..3 {
            assert_eq!(charge(&mut book, &order).map(|o| o.status), Ok(Succeeded), "{card}");
        }
        assert_eq!(book.charged(), [(order.key, order.amount)], "{card}");
    }
}

#[test]
fn a_known_key_with_another_order_is_refused() {
    let (mut book, order) = (Book::default(), order(Script::Approve));
    charge(&mut book, &order).unwrap();
    let dearer = ChargeOrder { amount: Money::new(12_001, Currency::Eur), ..order.clone() };
    let other = ChargeOrder { method: "decline".into(), ..order.clone() };
    for wrong in [dearer, other, ChargeOrder { customer: "org_2".into(), ..order }] {
        assert!(matches!(charge(&mut book, &wrong), Err(PortError::Refused(_))));
    }
    assert_eq!(book.charged().len(), 1);
}

#[test]
fn the_bank_asks_whoever_is_there_and_fails_whoever_is_not() {
    let (mut book, order) = (Book::new("http://127.0.0.1:3000".into()), order(Script::ActionRequired));
    let outcome = charge(&mut book, &order).unwrap();
    let name = outcome.provider_ref.unwrap();
    assert_eq!(outcome.action_url.unwrap(), format!("http://127.0.0.1:3000/demo/bank/{name}"));
    assert_eq!(book.waiting(&name).unwrap(), (order.amount, order.return_url.clone().unwrap()));
    tell_all(&mut book, &order.key);
    let decided = book.decide(&name, true);
    assert_eq!(add(&mut book, decided), order.return_url);
    assert_eq!(book.waiting(&name), None);
    assert_eq!(tell_all(&mut book, &order.key), [("succeeded".to_owned(), Succeeded)]);
    // Who thinks better of it comes too late.
    assert_eq!(book.decide(&name, false), (vec![], order.return_url.clone()));

    let refuses = ChargeOrder { key: "pay_2".into(), ..order.clone() };
    let name = charge(&mut book, &refuses).unwrap().provider_ref.unwrap();
    let decided = book.decide(&name, false);
    add(&mut book, decided);
    assert_eq!(book.look_up("pay_2").unwrap().failure, Some(Failure::Abandoned));

    let absent = ChargeOrder { key: "pay_3".into(), return_url: None, ..order };
    let outcome = charge(&mut book, &absent).unwrap();
    assert_eq!((outcome.status, outcome.failure), (Failed, Some(Failure::AuthenticationRequired)));
    assert_eq!(book.decide("scr_nobody", true), (vec![], None));
}

#[test]
fn refunds_are_given_once_and_never_more_than_was_paid() {
    let (mut book, order) = (Book::default(), order(Script::Approve));
    let provider_ref = charge(&mut book, &order).unwrap().provider_ref.unwrap();
    tell_all(&mut book, &order.key);
    let mut refund = |key: &str, minor| {
        let amount = Money::new(minor, Currency::Eur);
        let order = RefundOrder { key: key.into(), provider_ref: provider_ref.clone(), amount };
        let decided = book.refund(&order);
        add(&mut book, decided).map(|outcome| outcome.status)
    };
    assert_eq!(refund("a", 5_000), Ok(RefundStatus::Succeeded));
    assert_eq!(refund("a", 5_000), Ok(RefundStatus::Succeeded));
    assert!(refund("a", 5_001).is_err());
    assert!(refund("b", 7_001).is_err());
    assert!(refund("b", 0).is_err());
    assert_eq!(refund("c", 7_000), Ok(RefundStatus::Succeeded));
    assert!(refund("d", 1).is_err());
    let totals: Vec<_> = book.outgoing().into_iter().map(|(_, l)| l.event.news).collect();
    let total = |minor| News::Refunded { total: Money::new(minor, Currency::Eur) };
    assert_eq!(totals, [total(5_000), total(12_000)]);
}

#[test]
fn the_book_reads_back_from_its_lines() {
    let (mut book, mut again) = (Book::default(), Book::default());
    for card in Script::ALL.iter().copied() {
        let (entries, _) = book.charge(&order(card));
        for entry in entries {
            let line = serde_json::to_string(&entry).unwrap();
            again.apply(serde_json::from_str(&line).unwrap(), AT);
            book.apply(entry, AT);
        }
    }
    assert_eq!(again.charges, book.charges);
    assert_eq!(again.letters, book.letters);
    assert_eq!(again.lost, book.lost);
}

#[test]
fn a_letter_reads_back() {
    let (mut book, order) = (Book::default(), order(Script::Chargeback));
    charge(&mut book, &order).unwrap();
    for (_, letter) in book.outgoing() {
        assert_eq!(read_event(write_event(&letter.event).as_bytes()), Ok(vec![letter.event]));
    }
    assert_eq!(read_event(b"{}"), Err(WebhookFault::Malformed));
}
