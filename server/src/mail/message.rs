//! The MIME message of a mail.

use kontor::kernel::port::{MailFault, OutgoingMail};
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
};
use std::error::Error;

/// Says to other programs that nobody typed this mail, so that they do not answer it (RFC 3834).
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".into())
    }
}

/// The sender's mailbox.
pub fn sender(from: &str) -> Result<Mailbox, String> {
    address(from).ok_or_else(|| format!("mail_from = \"{from}\": give an e-mail address"))
}

/// The whole message. A mail that cannot be put together never can.
pub fn build(mail: &OutgoingMail, from: &Mailbox) -> Result<Message, MailFault> {
    let never = |detail: String| MailFault { permanent: true, detail };
    let to = address(&mail.to).ok_or_else(|| never("the recipient is no e-mail address".into()))?;
    Message::builder()
        .from(from.clone())
        .to(to)
        .subject(&mail.subject)
        .message_id(Some(format!("<{}>", mail.message_id)))
        .date_now()
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
        .map_err(|error| never(error.to_string()))
}

/// A bare address; its domain as an A-label, which every mail server takes.
fn address(text: &str) -> Option<Mailbox> {
    let (local, domain) = text.rsplit_once('@')?;
    let url::Host::Domain(domain) = url::Host::parse(domain).ok()? else { return None };
    Some(Mailbox::new(None, Address::new(local, domain).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(to: &str) -> OutgoingMail {
        OutgoingMail {
            message_id: "mai_1@kontor.example".into(),
            to: to.into(),
            subject: "Prüfung\r\nBcc: x@example.org".into(),
            text: "Grüße\n.\nhttps://kontor.example/x".into(),
            html: "<p>Grüße</p>".into(),
        }
    }

    #[test]
    fn headers_hold_what_they_should_and_no_more() {
        let from = sender("programme@vendor.test").unwrap();
        let bytes = build(&mail("ada@müller.example"), &from).unwrap().formatted();
        let read = mail_parser::MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(read.message_id(), Some("mai_1@kontor.example"));
        assert_eq!(
            read.to().and_then(|to| to.first()).and_then(|a| a.address()),
            Some("ada@xn--mller-kva.example")
        );
        assert!(read.bcc().is_none(), "{}", String::from_utf8_lossy(&bytes));
        assert_eq!(read.body_text(0).unwrap().trim(), "Grüße\r\n.\r\nhttps://kontor.example/x");
        assert!(read.body_html(0).unwrap().contains("<p>Grüße</p>"));
        assert_eq!(read.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    }

    #[test]
    fn what_is_no_address_is_refused_for_good() {
        let from = sender("programme@vendor.test").unwrap();
        for bad in ["nobody", "a@b@", "a b@c.de", "a@[127.0.0.1]", "a@b.de\r\nBcc: x@y.de"] {
            assert!(build(&mail(bad), &from).unwrap_err().permanent, "{bad}");
        }
        assert!(sender("nobody").is_err());
    }
}
