//! What can be done with grants and acting sessions: one file per use case.

mod standing;

pub use standing::standing;
