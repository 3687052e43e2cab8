//! Ids: UUIDv7 in one column, typed in Rust, `org_` + 26 base32 characters outside (design.md section 3, rule 7).

use std::{fmt, str::FromStr};

/// Crockford's base32, lower case: 26 characters for 128 bits, sorts like the bytes do.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A text is not an id of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("malformed id")]
pub struct MalformedId;

/// Writes 128 bits as 26 characters.
pub fn encode(value: u128) -> String {
    (0..26).rev().map(|i| char::from(ALPHABET[((value >> (5 * i)) & 31) as usize])).collect()
}

/// Reads 26 characters back. Refuses other lengths, other characters and values beyond 128 bits.
pub fn decode(text: &str) -> Result<u128, MalformedId> {
    if text.len() != 26 || text.as_bytes()[0] > b'7' {
        return Err(MalformedId);
    }
    text.bytes().try_fold(0u128, |acc, b| {
        let digit = ALPHABET.iter().position(|a| *a == b).ok_or(MalformedId)?;
        Ok((acc << 5) | digit as u128)
    })
}

/// What every typed id can do.
pub trait Id: Copy + Eq + std::hash::Hash + fmt::Display + FromStr<Err = MalformedId> {
    /// The three letters before the underscore.
    const PREFIX: &'static str;
    /// Wraps a bare UUID.
    fn from_uuid(uuid: uuid::Uuid) -> Self;
    /// The bare UUID.
    fn uuid(self) -> uuid::Uuid;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
        pub struct $name(pub uuid::Uuid);

        impl Id for $name {
            const PREFIX: &'static str = $prefix;
            fn from_uuid(uuid: uuid::Uuid) -> Self { Self(uuid) }
            fn uuid(self) -> uuid::Uuid { self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, encode(self.0.as_u128()))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(self, f) }
        }
        impl FromStr for $name {
            type Err = MalformedId;
            fn from_str(text: &str) -> Result<Self, MalformedId> {
                let rest = text.strip_prefix(concat!($prefix, "_")).ok_or(MalformedId)?;
                Ok(Self(uuid::Uuid::from_u128(decode(rest)?)))
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(self) }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
        #[cfg(feature = "ssr")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::Type("ids are made by Kontor, not by the database".into()))
            }
        }
    )*};
}

ids! {
    /// A person's account.
    AccountId = "acc";
    /// An organisation: the vendor, a partner or a customer.
    OrgId = "org";
    /// A wish to become a partner.
    ApplicationId = "app";
    /// A message in an application's question thread, or an internal note.
    MessageId = "msg";
    /// A signed-in browser.
    SessionId = "ses";
    /// A person's place in an organisation.
    MemberId = "mem";
    /// A domain of an organisation.
    DomainId = "dom";
    /// A subscription of an organisation to a service.
    SubscriptionId = "sub";
    /// A customer mapped to a partner for one service.
    MappingId = "map";
    /// A partner's delegated access to a customer.
    GrantId = "gra";
    /// A partner's request for access to a customer's console.
    AccessRequestId = "arq";
    /// A stay of a partner's person in a customer's console.
    ActingId = "act";
    /// A piece of work to be done later.
    JobId = "job";
    /// A mail to be sent.
    MailId = "mai";
    /// A secret link sent by mail.
    LinkId = "lnk";
    /// What was typed into a form, kept for the next showing of it.
    FormStateId = "frm";
    /// A price of a plan or add-on from a day on.
    PriceId = "prc";
    /// A change of a subscription: proposed, scheduled, being paid for, or in effect.
    ChangeId = "chg";
    /// A card or other means to pay with, kept at a payment provider.
    MethodId = "pme";
    /// A try to collect an amount.
    PaymentId = "pay";
    /// Money given back.
    RefundId = "rfd";
    /// An invoice or credit note.
    InvoiceId = "inv";
    /// A transaction of the ledger.
    TransactionId = "txn";
    /// A line of commission.
    CommissionId = "com";
    /// A partner's statement of a month.
    StatementId = "stm";
    /// A payout of commission.
    PayoutId = "pyo";
    /// The bank account payouts go to.
    PayoutAccountId = "pac";
    /// A partner's invoice for a payout.
    PayoutInvoiceId = "pin";
    /// A role a partner made for its people.
    StoreRoleId = "srl";
    /// Something that happened to a partner's customer, as reports count it.
    CustomerEventId = "cev";
    /// A partner's request for a customer that is there already.
    MappingRequestId = "mrq";
    /// A dispute over whose customer an organisation is.
    DisputeId = "dsp";
    /// A customer's token for a partner.
    MappingTokenId = "mtk";
    /// A change of many subscriptions at once.
    BulkId = "blk";
    /// A provider of single sign-on.
    IdentityProviderId = "idp";
    /// A group of an organisation's people.
    GroupId = "grp";
    /// A passkey of a person's.
    PasskeyId = "psk";
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_id_reads_back(bits: u128) {
            let id = OrgId(uuid::Uuid::from_u128(bits));
            prop_assert_eq!(id.to_string().parse::<OrgId>(), Ok(id));
            prop_assert_eq!(id.to_string().len(), 30);
        }

        #[test]
        fn order_outside_is_order_inside(a: u128, b: u128) {
            prop_assert_eq!(encode(a).cmp(&encode(b)), a.cmp(&b));
        }

        #[test]
        fn anything_else_is_refused(text in "\\PC{0,40}") {
            if let Ok(id) = text.parse::<OrgId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }

    #[test]
    fn another_kind_is_refused() {
        let account = AccountId(uuid::Uuid::from_u128(7)).to_string();
        assert_eq!(account.parse::<OrgId>(), Err(MalformedId));
    }
}
