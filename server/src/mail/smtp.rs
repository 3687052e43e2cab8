//! Mails to a mail server.

use super::message;
use kontor::kernel::port::{MailFault, MailPort, OutgoingMail};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use std::time::Duration;
use url::{Host, Url};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a mail may take as a whole; a server that falls silent is left.
const WHOLE: Duration = Duration::from_secs(30);

/// A mail server, and who writes.
pub struct MailServer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    patience: Duration,
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protection {
    /// None: the server is on this machine.
    Plain,
    /// STARTTLS if the server offers it.
    Offered,
    /// STARTTLS, or nothing is sent.
    Demanded,
    /// TLS from the first byte.
    Wrapped,
}

impl MailServer {
    /// For `smtp://[user:pass@]host[:port]` and `smtps://…`.
    pub fn new(url: &str, from: &str) -> Result<Self, String> {
        let bad = |what: &str| format!("mail_url: {what}");
        let url = Url::parse(url).map_err(|_| bad("give smtp://[user:pass@]host:port or smtps://…"))?;
        let host = host(&url).ok_or_else(|| bad("give the mail server's host"))?;
        let protection = protection(&url);
        let parameters = TlsParameters::new(host.clone()).map_err(|error| bad(&error.to_string()))?;
        let tls = match protection {
            Protection::Plain => Tls::None,
            Protection::Offered => Tls::Opportunistic(parameters),
            Protection::Demanded => Tls::Required(parameters),
            Protection::Wrapped => Tls::Wrapper(parameters),
        };
        let port = url.port().unwrap_or(match protection {
            Protection::Plain | Protection::Offered => 25,
            Protection::Demanded => 587,
            Protection::Wrapped => 465,
        });
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(port)
            .tls(tls)
            .timeout(Some(CONNECT));
        if !url.username().is_empty() {
            let user = decoded(url.username()).ok_or_else(|| bad("the user is not UTF-8"))?;
            let password =
                decoded(url.password().unwrap_or("")).ok_or_else(|| bad("the password is not UTF-8"))?;
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(Self { transport: builder.build(), from: message::sender(from)?, patience: WHOLE })
    }
}

/// Credentials never travel in the clear, except within this machine.
fn protection(url: &Url) -> Protection {
    let loopback = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        // `url` reads addresses as such only in web addresses.
        Some(Host::Domain(name)) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }
        None => false,
    };
    match (url.scheme(), loopback, url.username().is_empty()) {
        ("smtps", _, _) => Protection::Wrapped,
        (_, true, _) => Protection::Plain,
        (_, false, true) => Protection::Offered,
        (_, false, false) => Protection::Demanded,
    }
}

fn host(url: &Url) -> Option<String> {
    let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']');
    (!host.is_empty()).then(|| host.to_owned())
}

/// Undoes percent-encoding.
fn decoded(text: &str) -> Option<String> {
    // The one key of a query whose `+` is written out decodes by the same rules.
    let pair = format!("x={}", text.replace('+', "%2B"));
    let (_, value) = url::form_urlencoded::parse(pair.as_bytes()).next()?;
    (!value.contains('\u{FFFD}')).then(|| value.into_owned())
}

/// Whether the server's "never" means this mail. A refused sign-in or a closed door is about us: it is put right, and
/// the mail goes out then.
fn is_permanent(code: u16) -> bool {
    matches!(code, 501 | 550..=556)
}

#[async_trait::async_trait]
impl MailPort for MailServer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailFault> {
        let message = message::build(mail, &self.from)?;
        match tokio::time::timeout(self.patience, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => {
                let permanent = error.status().is_some_and(|code| is_permanent(code.into()));
                Err(MailFault { permanent, detail: describe(&error) })
            }
            Err(_) => Err(MailFault { permanent: false, detail: "the mail server does not answer".into() }),
        }
    }
}

/// The error with its causes: the outermost alone says little.
fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_never_travel_in_the_clear() {
        let cases = [
            ("smtp://127.0.0.1:25", Protection::Plain),
            ("smtp://user:pass@localhost", Protection::Plain),
            ("smtp://[::1]:25", Protection::Plain),
            ("smtp://mail.example", Protection::Offered),
            ("smtp://user:pass@mail.example:587", Protection::Demanded),
            ("smtp://user:pass@127.0.0.1.example", Protection::Demanded),
            ("smtps://user:pass@mail.example", Protection::Wrapped),
            ("smtps://localhost", Protection::Wrapped),
        ];
        for (url, expected) in cases {
            assert_eq!(protection(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn passwords_are_decoded() {
        assert_eq!(decoded("p%40ss%3A+1"), Some("p@ss:+1".into()));
        assert_eq!(decoded("%FF"), None);
        assert_eq!(host(&Url::parse("smtp://[::1]:25").unwrap()), Some("::1".into()));
    }

    #[test]
    fn refusals_of_the_mail_are_told_from_our_own_troubles() {
        assert!(is_permanent(550) && is_permanent(553) && is_permanent(501));
        assert!(!is_permanent(535) && !is_permanent(530) && !is_permanent(421) && !is_permanent(450));
    }

    /// A mail server that takes the connection and answers to `RCPT` what it is told; nothing at all if that is empty.
    async fn liar(answer: &'static str) -> MailServer {
        use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = BufReader::new(stream);
            stream.write_all(b"220 liar\r\n").await.unwrap();
            let mut line = String::new();
            while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                let reply = match line.split_whitespace().next().unwrap_or("") {
                    "RCPT" if answer.is_empty() => std::future::pending().await,
                    "RCPT" => format!("{answer}\r\n"),
                    "QUIT" => "221 bye\r\n".into(),
                    _ => "250 fine\r\n".into(),
                };
                if stream.write_all(reply.as_bytes()).await.is_err() {
                    return;
                }
                line.clear();
            }
        });
        let mut server = MailServer::new(&url, "programme@vendor.test").unwrap();
        server.patience = Duration::from_millis(300);
        server
    }

    fn mail() -> OutgoingMail {
        OutgoingMail {
            message_id: "mai_1@kontor.example".into(),
            to: "ada@example.org".into(),
            subject: "Hello".into(),
            text: "text".into(),
            html: "<p>text</p>".into(),
        }
    }

    #[tokio::test]
    async fn what_the_server_says_decides_whether_another_try_is_of_use() {
        let refused = liar("550 5.1.1 no such mailbox").await.send(&mail()).await.unwrap_err();
        assert!(refused.permanent && refused.detail.contains("no such mailbox"), "{refused:?}");
        let later = liar("450 4.2.0 greylisted").await.send(&mail()).await.unwrap_err();
        assert!(!later.permanent && later.detail.contains("greylisted"), "{later:?}");
        let silent = liar("").await.send(&mail()).await.unwrap_err();
        assert_eq!((silent.permanent, silent.detail.as_str()), (false, "the mail server does not answer"));
        let nobody = MailServer::new("smtp://127.0.0.1:1", "programme@vendor.test").unwrap();
        assert!(!nobody.send(&mail()).await.unwrap_err().permanent);
    }
}
