//! Enums that are stored, sent and put into URLs by a stable key.

/// A text is not a key of the enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown key")]
pub struct UnknownKey;

/// Declares an enum with one stable key per variant: `ALL`, `key()`, `from_key()`, `Display`, `FromStr`, serde as
/// the key, and (on the server) a text column.
#[macro_export]
macro_rules! keyed {
    ($(#[$doc:meta])* $vis:vis enum $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
        #[cfg_attr(feature = "ssr", sea_orm(value_type = "String"))]
        $vis enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every one there is, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];
            /// The stable key.
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key,)* }
            }
            /// Reads a key.
            pub fn from_key(key: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.key() == key)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.key()) }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::kernel::keyed::UnknownKey;
            fn from_str(key: &str) -> Result<Self, Self::Err> {
                Self::from_key(key).ok_or($crate::kernel::keyed::UnknownKey)
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(self.key()) }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let key = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                Self::from_key(&key).ok_or_else(|| serde::de::Error::custom("unknown key"))
            }
        }
        #[cfg(feature = "ssr")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::Type("keys are not made by the database".into()))
            }
        }
    };
}
