//! Tokens, and encryption of secrets at rest.

use super::{
    clock::Random,
    error::{Error, internal},
};
use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use sha2::{Digest, Sha256};

/// The key of this installation, from `KONTOR_SECRET_FILE`.
pub struct Secrets {
    key: [u8; 32],
}

impl Secrets {
    /// From the file's 32 bytes.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// Encrypts for one purpose (XChaCha20-Poly1305, a random nonce in front). The purpose must be named again
    /// to decrypt, so that a value cannot be moved from one column to another.
    pub fn seal(&self, random: &dyn Random, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let mut nonce = [0u8; 24];
        random.fill(&mut nonce);
        let payload = Payload { msg: plain, aad: purpose.as_bytes() };
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| internal("a secret cannot be sealed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts what [`Secrets::seal`] made for the same purpose.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let (nonce, rest) =
            sealed.split_at_checked(24).ok_or_else(|| internal("a sealed secret is too short"))?;
        let nonce = <[u8; 24]>::try_from(nonce).map_err(internal)?;
        let payload = Payload { msg: rest, aad: purpose.as_bytes() };
        self.cipher()
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_| internal("a sealed secret does not open: was KONTOR_SECRET_FILE replaced?"))
    }

    /// A token that can be made again from its purpose and subject, for links that stay valid as long as the thing.
    pub fn derive(&self, purpose: &str, subject: &str) -> String {
        let mut hasher = Sha256::new();
        for part in [self.key.as_slice(), purpose.as_bytes(), subject.as_bytes(), self.key.as_slice()] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        data_encoding::BASE64URL_NOPAD.encode(&hasher.finalize())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(self.key))
    }
}

/// A new unguessable token: 256 bits, base64url.
pub fn token(random: &dyn Random) -> String {
    let mut bytes = [0u8; 32];
    random.fill(&mut bytes);
    data_encoding::BASE64URL_NOPAD.encode(&bytes)
}

/// What is stored of a token: its SHA-256, hexadecimal.
pub fn hash_token(token: &str) -> String {
    hash_bytes(token.as_bytes())
}

/// The SHA-256 of a file, hexadecimal.
pub fn hash_bytes(content: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(content))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::clock::SystemRandom;

    #[test]
    fn sealed_secrets_open_for_their_purpose_only() {
        let secrets = Secrets::new([7; 32]);
        let sealed = secrets.seal(&SystemRandom, "totp", b"abc").unwrap();
        assert_eq!(secrets.open("totp", &sealed).unwrap(), b"abc");
        assert!(secrets.open("mail", &sealed).is_err());
        assert!(Secrets::new([8; 32]).open("totp", &sealed).is_err());
        assert!(secrets.open("totp", &sealed[..10]).is_err());
    }

    #[test]
    fn derived_tokens_depend_on_every_part() {
        let secrets = Secrets::new([7; 32]);
        let a = secrets.derive("status", "x");
        assert_eq!(a, secrets.derive("status", "x"));
        assert_ne!(a, secrets.derive("statu", "sx"));
        assert_ne!(a, Secrets::new([8; 32]).derive("status", "x"));
    }
}
