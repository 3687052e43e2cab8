//! Single sign-on against providers: one that a test scripts, so that it sends what a correct one would not, and one that
//! others wrote (installed by `scripts/setup.sh test`). Chromium goes the same way in `end2end/tests/sso.spec.ts`.

mod forged;
mod issuer;
mod logout;
mod other;
mod people;
mod world;
