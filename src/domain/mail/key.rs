//! Keys that mail is signed with (RFC 6376): RSA of 2,048 bits, the least that RFC 8301 recommends and the most that
//! fits a TXT record everywhere.

use crate::{
    Error,
    kernel::{Kontor, clock::Random, error::internal},
};
use rsa::{
    RsaPrivateKey,
    pkcs8::{EncodePrivateKey, EncodePublicKey},
    rand_core::{CryptoRng, RngCore, impls},
};
use tokio::sync::Semaphore;

/// The length of a key in bits.
const BITS: usize = 2048;
/// What the secret part is sealed for.
pub const PURPOSE: &str = "dkim key";

/// A new key.
#[derive(Clone)]
pub struct NewKey {
    /// The public part as it stands in the DNS: base64 of the DER form.
    pub public: String,
    /// The secret part, PKCS #8, sealed with the installation's key.
    pub sealed: Vec<u8>,
}

/// One key at a time: each keeps a processor busy, and others have work as well.
static TURN: Semaphore = Semaphore::const_new(1);

/// Makes a key. It takes a moment of a processor's whole attention: never inside a transaction.
pub async fn make(kontor: &Kontor) -> Result<NewKey, Error> {
    let _turn = TURN.acquire().await.map_err(internal)?;
    let kontor = kontor.clone();
    tokio::task::spawn_blocking(move || {
        let key = RsaPrivateKey::new(&mut Source(kontor.random.as_ref()), BITS).map_err(internal)?;
        let public = key.to_public_key().to_public_key_der().map_err(internal)?;
        let secret = key.to_pkcs8_der().map_err(internal)?;
        Ok(NewKey {
            public: data_encoding::BASE64.encode(public.as_bytes()),
            sealed: kontor.secrets.seal(kontor.random.as_ref(), PURPOSE, secret.as_bytes())?,
        })
    })
    .await
    .map_err(internal)?
}

/// The programme's randomness, as the key's maker asks for it.
struct Source<'a>(&'a dyn Random);

impl RngCore for Source<'_> {
    fn next_u32(&mut self) -> u32 {
        impls::next_u32_via_fill(self)
    }
    fn next_u64(&mut self) -> u64 {
        impls::next_u64_via_fill(self)
    }
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Source<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::testing::Bench;
    use rsa::{
        RsaPublicKey,
        pkcs8::{DecodePrivateKey, DecodePublicKey},
        traits::PublicKeyParts,
    };

    #[tokio::test]
    async fn a_key_is_a_pair_and_its_secret_part_is_sealed() {
        let bench = Bench::all().await.remove(0);
        let made = make(&bench.kontor).await.unwrap();
        let public = data_encoding::BASE64.decode(made.public.as_bytes()).unwrap();
        let public = RsaPublicKey::from_public_key_der(&public).unwrap();
        assert_eq!(public.size() * 8, 2048);
        let secret = bench.kontor.secrets.open(PURPOSE, &made.sealed).unwrap();
        let secret = RsaPrivateKey::from_pkcs8_der(&secret).unwrap();
        assert_eq!(secret.to_public_key(), public);
        // A record with it fits the 512 bytes of an old answer over UDP.
        assert!(format!("v=DKIM1; k=rsa; p={}", made.public).len() < 450);
    }
}
