//! Signatures of webhooks, as Stripe makes them and the scripted provider too: `t=SECONDS,v1=HEX`, HMAC-SHA256 over
//! `SECONDS.BODY`.

use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::{Hmac, KeyInit, Mac};
use kontor::{kernel::instant::Instant, payment::port::WebhookFault};
use sha2::Sha256;

/// How far the time of a signature may lie from ours, in milliseconds: against replays.
const TOLERANCE_MS: i64 = 5 * 60_000;

fn mac(secret: &str, seconds: &str, body: &[u8]) -> Result<Hmac<Sha256>, WebhookFault> {
    let mut mac = Hmac::new_from_slice(secret.as_bytes()).map_err(|_| WebhookFault::WrongSignature)?;
    mac.update(seconds.as_bytes());
    mac.update(b".");
    mac.update(body);
    Ok(mac)
}

/// The header's value for a body sent at `at`.
pub fn sign(secret: &str, at: Instant, body: &[u8]) -> Result<String, WebhookFault> {
    let seconds = at.0.div_euclid(1000).to_string();
    let code = mac(secret, &seconds, body)?.finalize().into_bytes();
    Ok(format!("t={seconds},v1={}", HEXLOWER_PERMISSIVE.encode(&code)))
}

/// Whether the header `name` signs the body. While a secret is being replaced there are several `v1`: one must be right.
/// The codes are compared in constant time.
pub fn verify(
    secret: &str,
    name: &str,
    headers: &[(String, String)],
    body: &[u8],
    now: Instant,
) -> Result<(), WebhookFault> {
    let mut values = headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
    let (Some((_, value)), None) = (values.next(), values.next()) else {
        return Err(WebhookFault::NoSignature);
    };
    let part =
        |key| value.split(',').filter_map(move |p| p.trim().split_once('=')).filter(move |p| p.0 == key);
    let mut times = part("t");
    let (Some((_, seconds)), None) = (times.next(), times.next()) else {
        return Err(WebhookFault::NoSignature);
    };
    let at: i64 = seconds.parse().map_err(|_| WebhookFault::NoSignature)?;
    let mac = mac(secret, seconds, body)?;
    let right = part("v1").any(|(_, code)| {
        HEXLOWER_PERMISSIVE.decode(code.as_bytes()).is_ok_and(|code| mac.clone().verify_slice(&code).is_ok())
    });
    if !right {
        return Err(WebhookFault::WrongSignature);
    }
    let apart = i128::from(now.0) - i128::from(at) * 1000;
    if apart.abs() > i128::from(TOLERANCE_MS) { Err(WebhookFault::TooOld) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use WebhookFault::*;

    const NOW: Instant = Instant(1_772_442_000_500);
    const NAME: &str = "Stripe-Signature";

    fn check(value: &str, body: &[u8], now: Instant) -> Result<(), WebhookFault> {
        verify("whsec_a", NAME, &[("stripe-signature".into(), value.into())], body, now)
    }

    #[test]
    fn a_signature_is_what_the_documents_say() {
        // Computed with Python's hmac: HMAC-SHA256("whsec_a", "1772442000.{}").
        assert_eq!(
            sign("whsec_a", NOW, b"{}").unwrap(),
            "t=1772442000,v1=919e6cb5d358b03d12afffa16010bd51d09571a3b8c155a59381cd3e842abcf0"
        );
    }

    #[test]
    fn forged_altered_and_foreign_signatures_are_refused() {
        let good = sign("whsec_a", NOW, b"{}").unwrap();
        assert_eq!(check(&good, b"{}", NOW), Ok(()));
        assert_eq!(check(&good, b"{ }", NOW), Err(WrongSignature));
        assert_eq!(check(&sign("whsec_b", NOW, b"{}").unwrap(), b"{}", NOW), Err(WrongSignature));
        // The time is signed too.
        let moved = good.replace("t=1772442000", "t=1772442001");
        assert_eq!(check(&moved, b"{}", NOW), Err(WrongSignature));
        let short = &good[..good.len() - 2];
        for forged in ["t=1772442000,v1=", "t=1772442000,v1=00", "t=1772442000", "t=1772442000,v1=xyz", short]
        {
            assert_eq!(check(forged, b"{}", NOW), Err(WrongSignature), "{forged}");
        }
        // A weaker scheme is not accepted in place of v1.
        assert_eq!(check(&good.replace("v1=", "v0="), b"{}", NOW), Err(WrongSignature));
    }

    #[test]
    fn old_and_future_signatures_are_refused() {
        let good = sign("whsec_a", NOW, b"{}").unwrap();
        assert_eq!(check(&good, b"{}", NOW.plus_ms(299_000)), Ok(()));
        assert_eq!(check(&good, b"{}", NOW.plus_ms(300_000)), Err(TooOld));
        assert_eq!(check(&good, b"{}", NOW.plus_ms(-300_000)), Ok(()));
        assert_eq!(check(&good, b"{}", NOW.plus_ms(-301_000)), Err(TooOld));
    }

    #[test]
    fn one_right_code_among_several_is_enough() {
        let good = sign("whsec_a", NOW, b"{}").unwrap();
        let code = good.split_once("v1=").unwrap().1;
        let wrong = "00".repeat(32);
        assert_eq!(check(&format!("t=1772442000, v1={wrong}, v1={code}"), b"{}", NOW), Ok(()));
        assert_eq!(check(&format!("t=1772442000,v1={wrong},v1={wrong}"), b"{}", NOW), Err(WrongSignature));
    }

    #[test]
    fn a_header_that_is_missing_double_or_without_time_is_none() {
        let good = sign("whsec_a", NOW, b"{}").unwrap();
        let header = (NAME.to_owned(), good.clone());
        assert_eq!(verify("whsec_a", NAME, &[], b"{}", NOW), Err(NoSignature));
        assert_eq!(verify("whsec_a", NAME, &[header.clone(), header], b"{}", NOW), Err(NoSignature));
        for value in ["", "v1=00", "t=soon,v1=00", "t=1,t=2,v1=00", "t=99999999999999999999,v1=00"] {
            assert_eq!(check(value, b"{}", NOW), Err(NoSignature), "{value}");
        }
    }
}
