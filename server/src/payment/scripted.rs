//! The scripted provider: plays a payment provider for the demo. Its book is a file of its own, written and synced before
//! an answer goes out, so that a Kontor killed at any moment finds its charges there; several nodes may share it.

use super::{client, signature};
use async_trait::async_trait;
use kontor::{
    kernel::{clock::Clock, instant::Instant, money::Money},
    payment::{
        port::{
            BankPort, ChargeOrder, ChargeOutcome, MethodFacts, PaymentPort, PortError, ProviderEvent,
            RefundOrder, RefundOutcome, SetupForm, SetupOrder, WebhookFault,
        },
        script::{self, Book, Entry, Letter},
    },
};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::sync::watch;

/// The header that carries the signature.
pub const SIGNATURE: &str = "Kontor-Script-Signature";
/// How much longer a letter of the next step waits.
pub const PACE: Duration = Duration::from_secs(3);
/// How often the book is looked at for letters to deliver.
const LOOK: Duration = Duration::from_millis(200);
/// The longest wait between two tries to deliver a letter, in milliseconds.
const LONGEST_WAIT_MS: i64 = 60_000;

/// The provider. Clones share the book.
#[derive(Clone)]
pub struct Scripted {
    kept: Arc<Mutex<Kept>>,
    clock: Arc<dyn Clock>,
    secret: String,
}

/// The book, and how far its file was read.
struct Kept {
    file: PathBuf,
    read: u64,
    book: Book,
}

#[derive(Serialize, Deserialize)]
struct Line {
    at: Instant,
    entry: Entry,
}

impl Scripted {
    /// Keeps its book in `folder`, which is made; its bank asks at `public_url`; its letters are signed with `secret`.
    pub fn open(folder: &Path, public_url: &str, secret: String, clock: Arc<dyn Clock>) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut kept = Kept { file: folder.join("book.jsonl"), read: 0, book: Book::new(public_url.into()) };
        kept.ask(Instant(0), |_| (Vec::new(), ()))?;
        Ok(Self { kept: Arc::new(Mutex::new(kept)), clock, secret })
    }

    /// Asks the book and writes down what it decides, off the async threads.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Book) -> (Vec<Entry>, T) + Send + 'static,
    ) -> Result<T, PortError> {
        let (kept, now) = (self.kept.clone(), self.clock.now());
        let asked = tokio::task::spawn_blocking(move || {
            kept.lock().unwrap_or_else(|e| e.into_inner()).ask(now, question)
        });
        match asked.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                tracing::error!(%error, "the scripted provider's book");
                Err(PortError::Unreachable)
            }
            Err(error) => {
                tracing::error!(%error, "the scripted provider");
                Err(PortError::Unreachable)
            }
        }
    }

    /// Posts letters to `url` until told to stop. A letter that is not answered with success is posted again, later and
    /// later; a letter of step *n* waits for *n* times `pace`.
    pub async fn deliver(
        &self,
        url: &str,
        pace: Duration,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), String> {
        let client = client()?;
        let pace = i64::try_from(pace.as_millis()).unwrap_or(i64::MAX);
        let mut tries: HashMap<String, (u32, Instant)> = HashMap::new();
        loop {
            // An error means that the sender is gone: stop as well.
            if tokio::time::timeout(LOOK, stop.wait_for(|stop| *stop)).await.is_ok() {
                return Ok(());
            }
            let Ok(letters) = self.ask(|book| (Vec::new(), book.outgoing())).await else { continue };
            for (posted, letter) in letters {
                let (tried, again) = tries.get(&letter.id).copied().unwrap_or((0, posted));
                let now = self.clock.now();
                if now < posted.plus_ms(pace.saturating_mul(letter.step.into())) || now < again {
                    continue;
                }
                if self.tell(&client, url, &letter).await {
                    tries.remove(&letter.id);
                    continue;
                }
                let wait = (1000i64 << tried.min(6)).min(LONGEST_WAIT_MS);
                tries.insert(letter.id, (tried + 1, now.plus_ms(wait)));
            }
        }
    }

    /// Posts one letter; whether it was taken.
    async fn tell(&self, client: &reqwest::Client, url: &str, letter: &Letter) -> bool {
        let coming = letter.clone();
        let truth = move |book: &Book| (book.comes_true(&coming).into_iter().collect(), ());
        let body = script::write_event(&letter.event);
        let Ok(signature) = signature::sign(&self.secret, self.clock.now(), body.as_bytes()) else {
            return false;
        };
        if self.ask(truth).await.is_err() {
            return false;
        }
        let sent = client
            .post(url)
            .header(SIGNATURE, signature)
            .header("Content-Type", "application/json")
            .body(body)
            .send()
            .await;
        match sent {
            Ok(answer) if answer.status().is_success() => {
                let done = Entry::Delivered { letter: letter.id.clone() };
                self.ask(move |_| (vec![done], ())).await.is_ok()
            }
            Ok(answer) => {
                tracing::debug!(status = answer.status().as_u16(), letter = letter.id, "letter not taken");
                false
            }
            Err(error) => {
                tracing::debug!(%error, letter = letter.id, "letter not delivered");
                false
            }
        }
    }
}

impl Kept {
    /// Reads what others have written, asks, and writes what was decided: nobody else does meanwhile.
    fn ask<T>(&mut self, now: Instant, question: impl FnOnce(&Book) -> (Vec<Entry>, T)) -> io::Result<T> {
        let mut file = File::options().read(true).append(true).create(true).open(&self.file)?;
        // Given back when the file is closed.
        file.lock()?;
        self.catch_up(&mut file)?;
        let (entries, answer) = question(&self.book);
        if entries.is_empty() {
            return Ok(answer);
        }
        let mut text = Vec::new();
        for entry in &entries {
            serde_json::to_writer(&mut text, &Line { at: now, entry: entry.clone() })?;
            text.push(b'\n');
        }
        file.write_all(&text)?;
        file.sync_data()?;
        self.read += text.len() as u64;
        for entry in entries {
            self.book.apply(entry, now);
        }
        Ok(answer)
    }

    fn catch_up(&mut self, file: &mut File) -> io::Result<()> {
        file.seek(SeekFrom::Start(self.read))?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        if whole < text.len() {
            // Whoever wrote it was killed while writing: no answer went out for it.
            file.set_len(self.read + whole as u64)?;
        }
        for line in text[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let Line { at, entry } = serde_json::from_slice(line)?;
            self.book.apply(entry, at);
        }
        self.read += whole as u64;
        Ok(())
    }
}

#[async_trait]
impl PaymentPort for Scripted {
    async fn charge(&self, order: &ChargeOrder) -> Result<ChargeOutcome, PortError> {
        let order = order.clone();
        self.ask(move |book| book.charge(&order)).await?
    }
    async fn look_up(
        &self,
        order: &ChargeOrder,
        _provider_ref: Option<&str>,
    ) -> Result<Option<ChargeOutcome>, PortError> {
        let key = order.key.clone();
        self.ask(move |book| (Vec::new(), book.look_up(&key))).await
    }
    async fn cancel(
        &self,
        order: &ChargeOrder,
        _provider_ref: Option<&str>,
    ) -> Result<ChargeOutcome, PortError> {
        let key = order.key.clone();
        self.ask(move |book| book.cancel(&key)).await?
    }
    async fn refund(&self, order: &RefundOrder) -> Result<RefundOutcome, PortError> {
        let order = order.clone();
        self.ask(move |book| book.refund(&order)).await?
    }
    async fn begin_setup(&self, _order: &SetupOrder) -> Result<SetupForm, PortError> {
        Ok(script::choices())
    }
    async fn attach(&self, owner: &str, setup: &str) -> Result<MethodFacts, PortError> {
        script::attach(owner, setup)
    }
    async fn detach(&self, _method: &str) -> Result<(), PortError> {
        Ok(())
    }
    fn parse_webhook(
        &self,
        headers: &[(String, String)],
        body: &[u8],
        now: Instant,
    ) -> Result<Vec<ProviderEvent>, WebhookFault> {
        signature::verify(&self.secret, SIGNATURE, headers, body, now)?;
        script::read_event(body)
    }
    fn bank(&self) -> Option<&dyn BankPort> {
        Some(self)
    }
}

#[async_trait]
impl BankPort for Scripted {
    async fn waiting(&self, provider_ref: &str) -> Result<Option<(Money, String)>, PortError> {
        let name = provider_ref.to_owned();
        self.ask(move |book| (Vec::new(), book.waiting(&name))).await
    }
    async fn decide(&self, provider_ref: &str, confirms: bool) -> Result<Option<String>, PortError> {
        let name = provider_ref.to_owned();
        self.ask(move |book| book.decide(&name, confirms)).await
    }
}

#[cfg(test)]
mod tests;
