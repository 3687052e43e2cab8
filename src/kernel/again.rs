//! Whole transactions that stood in each other's way, done again.

use super::error::Error;
use std::time::Duration;

/// Pauses before each further attempt, in milliseconds: whoever was let through is done by then.
const PAUSES: [u64; 4] = [5, 25, 80, 200];

/// Does a whole transaction, from its beginning to its commit, and does it again if the database broke it off for the sake
/// of another one ([`Error::Contended`]). Locks are taken in one order where that can be seen to; rows that foreign keys
/// and unique indexes wait for are not in anybody's hand. Nothing outside the database may happen in `attempt`.
pub async fn again<T, F>(attempt: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    for pause in PAUSES {
        match attempt().await {
            Err(Error::Contended) => tokio::time::sleep(Duration::from_millis(pause)).await,
            done => return done,
        }
    }
    attempt().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[tokio::test]
    async fn only_what_was_in_the_way_of_others_is_done_again_and_not_for_ever() {
        let tries = Cell::new(0);
        let failing = |times: usize, error: Error| {
            let tries = &tries;
            tries.set(0);
            move || {
                tries.set(tries.get() + 1);
                let answer = if tries.get() > times { Ok(tries.get()) } else { Err(error.clone()) };
                async move { answer }
            }
        };
        assert_eq!(again(failing(2, Error::Contended)).await, Ok(3));
        assert_eq!(again(failing(9, Error::Contended)).await, Err(Error::Contended));
        assert_eq!(tries.get(), PAUSES.len() + 1);
        assert_eq!(again(failing(1, Error::StaleVersion)).await, Err(Error::StaleVersion));
        assert_eq!(tries.get(), 1);
    }
}
