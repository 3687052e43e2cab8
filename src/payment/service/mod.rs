//! What can be done with payments: one file per use case.

mod bank;
mod carry_out;
mod intend;
mod late;
mod list;
mod manual;
mod methods;
mod outside;
mod pay;
mod refund;
mod settle;
mod setup;
mod webhook;

pub use bank::{answer_bank, at_bank};
pub(crate) use carry_out::withdraw;
pub use carry_out::{carry_out, watch_payment};
pub use intend::{Intent, intend, intend_all};
pub use list::{all_payments, payments};
pub use manual::{record_invoice_payment, record_transfer};
pub use methods::{TRANSFER, add_method, forget_card, methods, prefer_method, remove_method};
pub(crate) use methods::{method_for, usable_methods};
pub(crate) use pay::await_no_more;
pub use pay::{due, pay_invoice};
pub use refund::{give_back, watch_refund};
pub use settle::settle;
pub use setup::{begin_card, cards, keep_card};
pub use webhook::webhook;
