//! Mails over a real SMTP server (maildev, which `make test` installs with the browser tests).

use kontor::{
    job::rows::job,
    kernel::{Kontor, instant::MINUTE_MS, locale::Locale, testing::Bench},
    notification::{
        Mail, MailStatus,
        rows::mail,
        service::{Recipient, write},
    },
};
use kontor_server::{config::Config, mail::port, worker};
use sea_orm::EntityTrait;
use serde_json::Value;
use std::{
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tokio::sync::watch;

/// maildev on two ports of its own; ends with the test.
struct MailDev {
    smtp: u16,
    web: u16,
    child: Option<Child>,
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

impl MailDev {
    fn new() -> Self {
        Self { smtp: free_port(), web: free_port(), child: None }
    }

    async fn up(&mut self) {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/node_modules/.bin/maildev");
        assert!(program.exists(), "maildev is missing: run `scripts/setup.sh test`");
        let (smtp, web) = (self.smtp.to_string(), self.web.to_string());
        let child = Command::new(program)
            .args(["--ip", "127.0.0.1", "--web-ip", "127.0.0.1", "--silent", "--smtp", &smtp, "--web", &web])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        self.child = Some(child);
        until("maildev", async || self.try_mails().await.is_some()).await;
    }

    fn down(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    async fn try_mails(&self) -> Option<Vec<Value>> {
        let url = format!("http://127.0.0.1:{}/api/email", self.web);
        let text = reqwest::get(url).await.ok()?.text().await.ok()?;
        serde_json::from_str(&text).ok()
    }

    async fn mails(&self) -> Vec<Value> {
        self.try_mails().await.expect("maildev answers")
    }
}

impl Drop for MailDev {
    fn drop(&mut self) {
        self.down();
    }
}

async fn until(what: &str, mut ready: impl AsyncFnMut() -> bool) {
    for _ in 0..600 {
        if ready().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("waited in vain: {what}");
}

#[expect(clippy::disallowed_methods, reason = "the test looks at the only row there is")]
async fn the_job(kontor: &Kontor) -> job::Model {
    job::Entity::find().one(kontor.db.read()).await.unwrap().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the test looks at the only row there is")]
async fn status(kontor: &Kontor) -> MailStatus {
    mail::Entity::find().one(kontor.db.read()).await.unwrap().unwrap().status
}

#[tokio::test]
async fn a_mail_server_that_comes_back_gets_every_mail_once_and_whole() {
    // Says which cryptography rustls uses; a second call only says that it knows.
    let _ = rustls::crypto::ring::default_provider().install_default();
    for bench in Bench::all().await {
        let mut server = MailDev::new();
        let config = Config { mail_url: format!("smtp://127.0.0.1:{}", server.smtp), ..Config::default() };
        let kontor = bench.with_mail(port(&config.check().unwrap()).unwrap());
        let tx = kontor.db.begin().await.unwrap();
        let to = Recipient { email: "ada@müller.example".into(), locale: Locale::De };
        let content = Mail::ReviewDue {
            company: "Müller & Söhne".into(),
            due: kontor.now().day(),
            link: "http://127.0.0.1:3000/review/app_1".into(),
        };
        write(&kontor, &tx, to, &content).await.unwrap();
        tx.commit().await.unwrap();

        // The server is down: the first try fails, and nothing is lost.
        let (stop, stopping) = watch::channel(false);
        let working = tokio::spawn(worker::run(kontor.clone(), stopping));
        until("the first try", async || the_job(&kontor).await.last_error.is_some()).await;
        server.up().await;
        assert!(server.mails().await.is_empty());
        bench.clock.move_ms(MINUTE_MS);
        until("the mail", async || !server.mails().await.is_empty()).await;
        until("the note that it is out", async || status(&kontor).await == MailStatus::Sent).await;
        stop.send(true).unwrap();
        working.await.unwrap();

        let mails = server.mails().await;
        assert_eq!(mails.len(), 1, "{}", bench.name);
        let mail = &mails[0];
        assert_eq!(mail["subject"], "Die Prüfung von Müller & Söhne ist fällig");
        // maildev shows an international domain as people read it.
        assert_eq!(mail["to"][0]["address"], "ada@müller.example");
        assert_eq!(mail["from"][0]["address"], "programme@vendor.test");
        assert!(mail["text"].as_str().unwrap().contains("http://127.0.0.1:3000/review/app_1"), "{mail}");
        let html = mail["html"].as_str().unwrap();
        assert!(html.contains("Müller &amp; Söhne") && html.contains("lang=\"de\""), "{html}");
        let id = mail["headers"]["message-id"].as_str().unwrap();
        assert!(id.starts_with("<mai_") && id.ends_with("@127.0.0.1>"), "{id}");
    }
}
