//! What cloud text recognition (OCR) costs, to the cent, and whether prepaid packages beat pay-per-use.
//!
//! The modules stand in the order of a charge's life; each uses only those above it:
//! ground (`error` … `time`), facts (`tariff` … `access`), the question, the engine (`ledger` … `book`), answers, the door.
//! Values in, values out: no clock, no network, no JavaScript but in `wasm`, no floating point but in `value` and `count`.

pub mod error;
pub mod value;
pub mod count;
pub mod sort;
pub mod money;
pub mod time;

pub mod tariff;
pub mod rulebook;
pub mod catalog;
pub mod lint;
pub mod request;
pub mod usage;
pub mod grant;
pub mod access;
pub mod purchase;
pub mod question;

pub mod explain;
pub mod ledger;
pub mod deduct;
pub mod bill;
pub mod answer;
pub mod offer;
pub mod notes;
pub mod audit;
pub mod book;

pub mod estimate;
pub mod race;
pub mod compare;
pub mod receipt;
pub mod readings;
pub mod qps;
pub mod change;
pub mod elsewhere;
pub mod charges;
pub mod reconcile;

pub mod account;
pub mod history;
pub mod lifecycle;
pub mod renewal;
pub mod purse;
pub mod alert;
pub mod budget;
pub mod split;
pub mod diary;
pub mod timeline;

pub mod table;
pub mod focus;
pub mod export;

pub mod csv;
pub mod log;
pub mod counts;
pub mod repeated;
pub mod replay;

#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub use account::Account;
pub use answer::Estimate;
pub use change::Change;
pub use charges::Charge;
pub use compare::{Comparison, compare};
pub use error::{Code, PricingError, Result};
pub use estimate::estimate;
pub use export::{What, export, exported};
pub use history::History;
pub use lint::{LintOptions, Problem, lint};
pub use qps::{Concurrency, qps};
pub use readings::{Reading, readings};
pub use receipt::{Receipt, receipt};
pub use reconcile::{BillRow, Reconciliation};
pub use replay::{Replay, ReplayAnswer};
pub use timeline::account;
pub use value::Value;
