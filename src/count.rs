//! Whole numbers of calls, points, requests, days: 0 … 9,007,199,254,740,991, the numbers JavaScript holds exactly.

use crate::error::{Code, Result, fail};
use crate::value::{Read, Value};
use serde::Serialize;
use tsify::Tsify;

/// The largest count: 2^53 − 1.
pub const COUNT_MAX: u64 = 9_007_199_254_740_991;

/// A count as it is read: whole, not negative, at most [`COUNT_MAX`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Tsify)]
#[tsify(type = "number")]
pub struct Count(pub u64);

impl Read for Count {
    fn take(&mut self, from: &Value) -> Result<()> {
        let Value::Number(it) = *from else { return fail(Code::InvalidType, "") };
        let code = if it.is_nan() {
            Code::InvalidType
        } else if it < 0.0 {
            Code::CountNegative
        } else if it > COUNT_MAX as f64 {
            Code::CountTooLarge
        } else if it.fract() != 0.0 {
            Code::CountFractional
        } else {
            self.0 = it as u64;
            return Ok(());
        };
        fail(code, "")
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        format!(r#"{{"type":"integer","minimum":0,"maximum":{COUNT_MAX}}}"#)
    }
}
