//! The password rule (labels.md): 10 to 128 characters, any; refused if common. No composition rule.

use crate::Issue;

/// Checks a new password. Length is shared with the browser; the list is the server's.
pub fn check_length(password: &str) -> Result<(), Issue> {
    let length = password.chars().count();
    if length == 0 {
        return Err(Issue::Required);
    }
    if length < 10 {
        return Err(Issue::TooShort { min: 10 });
    }
    if length > 128 {
        return Err(Issue::TooLong { max: 128 });
    }
    Ok(())
}

#[cfg(feature = "ssr")]
mod hash {
    use super::*;
    use crate::{
        Error,
        kernel::{Kontor, error::internal},
    };
    use argon2::{
        Algorithm, Argon2, Params, Version,
        password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
    };

    /// Common and breached passwords of ten characters and more, folded to lower case, one a line.
    static COMMON: &str = include_str!("common_passwords.txt");

    /// Checks a new password against the rule and the bundled list. Words of the person's own address do not hide a
    /// common password behind capitals or trailing digits.
    pub fn check(password: &str) -> Result<(), Issue> {
        check_length(password)?;
        let folded = password.to_lowercase();
        let stem = folded.trim_end_matches(|c: char| c.is_ascii_digit() || "!?.#*$".contains(c));
        let one_character = folded.chars().all(|c| folded.starts_with(c));
        if one_character || COMMON.lines().any(|line| line == folded || (stem.len() >= 8 && line == stem)) {
            return Err(Issue::CommonPassword);
        }
        Ok(())
    }

    fn argon(kontor: &Kontor) -> Result<Argon2<'static>, Error> {
        let (memory, passes) = kontor.programme.argon2;
        let params = Params::new(memory, passes, 1, None).map_err(internal)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    /// Hashes a password with argon2id, off the async threads.
    pub async fn hash(kontor: &Kontor, password: &str) -> Result<String, Error> {
        let (argon, password) = (argon(kontor)?, password.to_owned());
        let mut salt = [0u8; 16];
        kontor.random.fill(&mut salt);
        tokio::task::spawn_blocking(move || {
            let hash = argon.hash_password_with_salt(password.as_bytes(), &salt);
            hash.map(|h| h.to_string()).map_err(internal)
        })
        .await
        .map_err(internal)?
    }

    /// Whether the password is the hash's. Without a hash it takes as long and answers no, so that the time tells
    /// nobody whether an account exists.
    pub async fn verify(kontor: &Kontor, password: &str, hash: Option<&str>) -> Result<bool, Error> {
        let Some(hash) = hash else {
            self::hash(kontor, password).await?;
            return Ok(false);
        };
        let (argon, password, hash) = (argon(kontor)?, password.to_owned(), hash.to_owned());
        tokio::task::spawn_blocking(move || {
            let parsed = PasswordHash::new(&hash).map_err(internal)?;
            Ok(argon.verify_password(password.as_bytes(), &parsed).is_ok())
        })
        .await
        .map_err(internal)?
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_rule() {
            assert_eq!(check("short"), Err(Issue::TooShort { min: 10 }));
            assert_eq!(check("Password123!"), Err(Issue::CommonPassword));
            assert_eq!(check("aaaaaaaaaaaa"), Err(Issue::CommonPassword));
            assert_eq!(check("kontor-demo"), Ok(()));
            assert_eq!(check("четыре коня и лодка"), Ok(()));
            assert_eq!(check(&"x".repeat(129)), Err(Issue::TooLong { max: 128 }));
        }
    }
}
#[cfg(feature = "ssr")]
pub use hash::{check, hash, verify};
