use super::*;
use axum::{Router, extract::State, http::HeaderMap, http::StatusCode, routing::post};
use kontor::{
    kernel::{
        clock::{MovedClock, SystemClock},
        money::Currency,
    },
    payment::{PaymentStatus, Script, port::News},
};

const AT: Instant = Instant(1_772_442_000_000);

fn open(folder: &Path) -> Scripted {
    open_at(folder, Arc::new(MovedClock::at(AT)))
}

fn open_at(folder: &Path, clock: Arc<dyn Clock>) -> Scripted {
    Scripted::open(folder, "http://127.0.0.1:3000", "secret".into(), clock).unwrap()
}

fn order(card: Script, key: &str) -> ChargeOrder {
    ChargeOrder {
        key: key.into(),
        amount: Money::new(12_000, Currency::Eur),
        method: card.key().into(),
        customer: "org_1".into(),
        description: String::new(),
        return_url: Some("http://127.0.0.1:3000/back".into()),
        created_at: AT,
    }
}

fn book(folder: &Path) -> String {
    fs::read_to_string(folder.join("book.jsonl")).unwrap()
}

#[tokio::test]
async fn a_charge_whose_answer_was_lost_is_found_after_the_program_was_killed() {
    let dir = tempfile::tempdir().unwrap();
    for card in [Script::Timeout, Script::TimeoutBefore] {
        let order = order(card, card.key());
        assert_eq!(open(dir.path()).charge(&order).await, Err(PortError::Timeout), "{card}");
        // Nothing of the first one's memory is left.
        let outcome = open(dir.path()).resume(&order, None).await.unwrap();
        assert_eq!(outcome.status, PaymentStatus::Succeeded, "{card}");
        assert_eq!(open(dir.path()).resume(&order, None).await, Ok(outcome), "{card}");
    }
    assert_eq!(book(dir.path()).matches("charged").count(), 2);
}

#[tokio::test]
async fn a_line_cut_short_by_a_kill_never_was() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path()).charge(&order(Script::Approve, "pay_1")).await.unwrap();
    let whole = book(dir.path());
    let open_book = || File::options().append(true).open(dir.path().join("book.jsonl")).unwrap();
    open_book().write_all(br#"{"at":1,"entry":{"charged":{"key":"pay_2""#).unwrap();
    let again = open(dir.path());
    assert_eq!(book(dir.path()), whole);
    assert_eq!(again.charge(&order(Script::Approve, "pay_1")).await, Ok(first));
    assert_eq!(again.look_up(&order(Script::Approve, "pay_2"), None).await, Ok(None));
    again.charge(&order(Script::Approve, "pay_2")).await.unwrap();
    let found = open(dir.path()).look_up(&order(Script::Approve, "pay_2"), None).await.unwrap();
    assert_eq!(found.unwrap().status, PaymentStatus::Succeeded);
}

#[tokio::test]
async fn two_nodes_that_charge_the_same_order_charge_once() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (open(dir.path()), open(dir.path()));
    for nth in 0..20 {
        let order = order(Script::Approve, &format!("pay_{nth}"));
        let (a, b) = tokio::join!(one.charge(&order), two.charge(&order));
        assert_eq!(a, b);
        assert!(a.is_ok());
    }
    assert_eq!(book(dir.path()).matches("charged").count(), 20);
}

#[tokio::test]
async fn a_book_that_cannot_be_read_is_a_provider_out_of_reach() {
    let dir = tempfile::tempdir().unwrap();
    let scripted = open(dir.path());
    fs::write(dir.path().join("book.jsonl"), "nonsense\n").unwrap();
    assert_eq!(scripted.charge(&order(Script::Approve, "pay_1")).await, Err(PortError::Unreachable));
    assert!(Scripted::open(dir.path(), "", "secret".into(), Arc::new(SystemClock)).is_err());
}

/// What came to `/hooks/scripted`, and how often it still answers that it has no time.
#[derive(Clone)]
struct Hooks {
    scripted: Scripted,
    came: Arc<Mutex<Vec<ProviderEvent>>>,
    busy: Arc<Mutex<u32>>,
}

async fn hook(State(hooks): State<Hooks>, headers: HeaderMap, body: axum::body::Bytes) -> StatusCode {
    let mut busy = hooks.busy.lock().unwrap();
    if *busy > 0 {
        *busy -= 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let headers: Vec<(String, String)> =
        headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let now = hooks.scripted.clock.now();
    hooks.came.lock().unwrap().extend(hooks.scripted.parse_webhook(&headers, &body, now).unwrap());
    StatusCode::OK
}

/// Serves the hook and delivers until so many events have come.
async fn deliver(scripted: &Scripted, busy: u32, count: usize) -> Vec<ProviderEvent> {
    let hooks = Hooks { scripted: scripted.clone(), came: Arc::default(), busy: Arc::new(Mutex::new(busy)) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks/scripted", listener.local_addr().unwrap());
    let router = Router::new().route("/hooks/scripted", post(hook)).with_state(hooks.clone());
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let (stop, stopping) = watch::channel(false);
    let posting = scripted.clone();
    let delivery =
        tokio::spawn(async move { posting.deliver(&url, Duration::from_millis(300), stopping).await });
    for _ in 0..200 {
        if hooks.came.lock().unwrap().len() >= count {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // Whatever would come too often comes now.
    tokio::time::sleep(LOOK * 3).await;
    stop.send(true).unwrap();
    delivery.await.unwrap().unwrap();
    server.abort();
    hooks.came.lock().unwrap().clone()
}

#[tokio::test]
async fn letters_come_signed_until_they_are_taken_and_not_again() {
    let dir = tempfile::tempdir().unwrap();
    let scripted = open_at(dir.path(), Arc::new(SystemClock));
    let order = order(Script::Chargeback, "pay_1");
    scripted.charge(&order).await.unwrap();
    // The node that charged is gone; the one that delivers has only the folder.
    let scripted = open_at(dir.path(), Arc::new(SystemClock));
    let came = deliver(&scripted, 1, 3).await;
    let news: Vec<_> = came.iter().map(|event| event.news.clone()).collect();
    assert!(news.contains(&News::Succeeded) && news.contains(&News::DisputeLost), "{news:?}");
    assert_eq!(came.len(), 3, "{news:?}");
    assert_eq!(scripted.look_up(&order, None).await.unwrap().unwrap().status, PaymentStatus::Lost);
    assert_eq!(deliver(&open_at(dir.path(), Arc::new(SystemClock)), 0, 1).await.len(), 0);
}

#[tokio::test]
async fn news_told_twice_are_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let scripted = open_at(dir.path(), Arc::new(SystemClock));
    scripted.charge(&order(Script::DuplicateWebhook, "pay_1")).await.unwrap();
    let came = deliver(&scripted, 0, 2).await;
    assert_eq!(came.len(), 2);
    assert_eq!(came[0], came[1]);
}

#[tokio::test]
async fn the_bank_waits_for_an_answer_and_takes_one() {
    let dir = tempfile::tempdir().unwrap();
    let scripted = open(dir.path());
    let order = order(Script::ActionRequired, "pay_1");
    let outcome = scripted.charge(&order).await.unwrap();
    let name = outcome.provider_ref.unwrap();
    let bank = scripted.bank().unwrap();
    assert_eq!(bank.waiting(&name).await.unwrap().unwrap().0, order.amount);
    assert_eq!(bank.decide(&name, true).await.unwrap(), order.return_url);
    assert_eq!(bank.waiting(&name).await.unwrap(), None);
    assert_eq!(scripted.look_up(&order, None).await.unwrap().unwrap().status, PaymentStatus::Succeeded);
}

#[tokio::test]
async fn a_letter_of_somebody_else_is_not_believed() {
    let dir = tempfile::tempdir().unwrap();
    let scripted = open(dir.path());
    let body = br#"{"id":"evt_1"}"#;
    let header = |value: String| vec![(SIGNATURE.to_owned(), value)];
    let forged = signature::sign("guess", AT, body).unwrap();
    assert_eq!(scripted.parse_webhook(&[], body, AT), Err(WebhookFault::NoSignature));
    assert_eq!(scripted.parse_webhook(&header(forged), body, AT), Err(WebhookFault::WrongSignature));
    let ours = signature::sign("secret", AT, body).unwrap();
    assert_eq!(scripted.parse_webhook(&header(ours), body, AT), Err(WebhookFault::Malformed));
}
