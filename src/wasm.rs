//! The door to JavaScript: decode, call, encode. The only file that knows JavaScript.
//!
//! Every export is a function of its arguments and answers with a value or throws `{ code, place, message }`.

use crate::error::{Code, Result, fail};
use crate::value::Value;
use js_sys::{Array, Object};
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A decimal: in `^(0|[1-9][0-9]{0,11})(\.[0-9]{1,10})?$`, out without exponent, plus, trailing zeros or `-0`. */
export type Decimal = string;
/** What a column of a call log means. */
export type LogColumn = "at" | "api" | "region" | "status" | "errorCode" | "project" | "user" | "calls" | "id";
/** A request without usage, and what it says of the log. */
export type ReplayRequest = Omit<Request, "usage"> & LogOptions;
"#;

/// What it costs, line by line. Throws a `PricingError`.
#[wasm_bindgen(unchecked_return_type = "Estimate")]
pub fn estimate(#[wasm_bindgen(unchecked_param_type = "Request")] request: JsValue) -> std::result::Result<JsValue, JsValue> {
    answer(decode(request, "request").and_then(|request| crate::estimate(&request)))
}

/// These packages against pay-per-use alone. Throws a `PricingError`.
#[wasm_bindgen(unchecked_return_type = "Comparison")]
pub fn compare(#[wasm_bindgen(unchecked_param_type = "Request")] request: JsValue) -> std::result::Result<JsValue, JsValue> {
    answer(decode(request, "request").and_then(|request| crate::compare(&request)))
}

#[cfg(feature = "whole")]
pub use whole::*;

/// What the first answer on a page does not need: left out of the small module.
#[cfg(feature = "whole")]
mod whole {
    use super::*;
    use crate::answer::Estimate;
    use crate::count::Count;
    use crate::export::What;
    use crate::lint::LintOptions;
    use crate::value::read;

    /// What is wrong with a catalog; sound when no problem is an error.
    #[wasm_bindgen(unchecked_return_type = "Problem[]")]
    pub fn lint(
        #[wasm_bindgen(unchecked_param_type = "Catalog")] catalog: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "LintOptions")] options: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        answer(decode(catalog, "catalog").and_then(|catalog| {
            let options = match decode(options, "options")? {
                Value::Null => LintOptions::default(),
                options => read(&options).map_err(|error| error.inside("options"))?,
            };
            Ok(crate::lint(&catalog, &options))
        }))
    }

    /// One call: who paid, by which rule, what was left. Throws a `PricingError`.
    #[wasm_bindgen(unchecked_return_type = "Receipt")]
    pub fn receipt(
        #[wasm_bindgen(unchecked_param_type = "Request")] request: JsValue,
        #[wasm_bindgen(unchecked_param_type = "CallRow")] call: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        answer(decode(request, "request").and_then(|request| crate::receipt(&request, &decode(call, "call")?)))
    }

    /// What each reading would change where official texts contradict each other. Throws a `PricingError`.
    #[wasm_bindgen(unchecked_return_type = "Reading[]")]
    pub fn readings(#[wasm_bindgen(unchecked_param_type = "Request")] request: JsValue) -> std::result::Result<JsValue, JsValue> {
        answer(decode(request, "request").and_then(|request| crate::readings(&request)))
    }

    /// A call log that is being read: push its bytes, finish it, and push again what `refine` names. Free it afterwards.
    #[wasm_bindgen]
    pub struct Replay(crate::replay::Replay);

    #[wasm_bindgen]
    impl Replay {
        /// A log to be read with a request's prices, purchases and subscriptions. Throws a `PricingError`.
        #[wasm_bindgen(constructor)]
        pub fn new(#[wasm_bindgen(unchecked_param_type = "ReplayRequest")] request: JsValue) -> std::result::Result<Replay, JsValue> {
            let replay = decode(request, "request").and_then(|request| crate::replay::Replay::new(&request));
            replay.map(Replay).map_err(|error| encode(&error).unwrap_or_else(|failure| failure))
        }

        /// Takes the next bytes of the file; they may be cut anywhere. Throws a `PricingError`.
        #[wasm_bindgen(unchecked_return_type = "Progress")]
        pub fn push(&mut self, bytes: &[u8]) -> std::result::Result<JsValue, JsValue> {
            answer(self.0.push(bytes))
        }

        /// Goes on at a byte at which a row starts, in a further pass. Throws a `PricingError`.
        pub fn seek(&mut self, #[wasm_bindgen(unchecked_param_type = "number")] offset: JsValue) -> std::result::Result<(), JsValue> {
            let sought = decode(offset, "offset")
                .and_then(|offset| read::<Count>(&offset).map_err(|error| error.inside("offset")))
                .and_then(|offset| self.0.seek(offset.0));
            sought.map_err(|error| encode(&error).unwrap_or_else(|failure| failure))
        }

        /// The first line and what its columns mean; null while it is not complete.
        #[wasm_bindgen(unchecked_return_type = "Head | null")]
        pub fn head(&self) -> std::result::Result<JsValue, JsValue> {
            encode(&self.0.head())
        }

        /// The file ends: what it comes to. Throws a `PricingError`.
        #[wasm_bindgen(unchecked_return_type = "ReplayAnswer")]
        pub fn finish(&mut self) -> std::result::Result<JsValue, JsValue> {
            answer(self.0.finish())
        }

        /// The receipt of one call of the log, or the ranges to be pushed before it is asked for again. Throws a `PricingError`.
        #[wasm_bindgen(unchecked_return_type = "LogReceipt")]
        pub fn receipt(
            &mut self,
            #[wasm_bindgen(unchecked_param_type = "CallRow")] call: JsValue,
        ) -> std::result::Result<JsValue, JsValue> {
            answer(decode(call, "call").and_then(|call| self.0.receipt(&call)))
        }

        /// The last answer against the lines of the provider's bill. Throws a `PricingError`.
        #[wasm_bindgen(unchecked_return_type = "Reconciliation")]
        pub fn reconcile(
            &self,
            #[wasm_bindgen(unchecked_param_type = "BillRow[]")] bill: JsValue,
        ) -> std::result::Result<JsValue, JsValue> {
            answer(decode(bill, "bill").and_then(|bill| self.0.reconcile(&bill)))
        }

        /// The last answer as a file; a ledger only where the request's detail is `draw`. Throws a `PricingError`.
        #[wasm_bindgen(unchecked_return_type = "string")]
        pub fn export(
            &self,
            #[wasm_bindgen(unchecked_param_type = "What | \"json\"")] what: JsValue,
        ) -> std::result::Result<JsValue, JsValue> {
            file(what, || self.0.estimate(), |what| self.0.export(what))
        }
    }

    /// The answer as a file, in as much detail as the request asks for; a ledger always in full. Throws a `PricingError`.
    #[wasm_bindgen(unchecked_return_type = "string")]
    pub fn exported(
        #[wasm_bindgen(unchecked_param_type = "Request")] request: JsValue,
        #[wasm_bindgen(unchecked_param_type = "What | \"json\"")] what: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let request = match decode(request, "request") {
            Ok(request) => request,
            Err(error) => return Err(encode(&error)?),
        };
        file(what, || crate::estimate(&request), |what| crate::exported(&request, what))
    }

    /// A file of an answer. As JSON it is the very object that a program gets.
    fn file(
        what: JsValue,
        estimate: impl Fn() -> Result<Estimate>,
        export: impl Fn(What) -> Result<String>,
    ) -> std::result::Result<JsValue, JsValue> {
        if what == "json" {
            return Ok(js_sys::JSON::stringify(&answer(estimate())?)?.into());
        }
        answer(decode(what, "what").and_then(|what| read(&what).map_err(|error| error.inside("what"))).and_then(export))
    }

    /// How many queries per second a volume needs, and what they cost. Throws a `PricingError`.
    #[wasm_bindgen(unchecked_return_type = "Concurrency")]
    pub fn qps(#[wasm_bindgen(unchecked_param_type = "QpsRequest")] request: JsValue) -> std::result::Result<JsValue, JsValue> {
        answer(decode(request, "request").and_then(|request| crate::qps(&request)))
    }

    /// Why calls were charged, the largest amount first, and what would have avoided it. Throws a `PricingError`.
    #[wasm_bindgen(unchecked_return_type = "Charge[]")]
    pub fn charges(#[wasm_bindgen(unchecked_param_type = "Request")] request: JsValue) -> std::result::Result<JsValue, JsValue> {
        answer(decode(request, "request").and_then(|request| crate::charges::ask(&request)))
    }

    /// What happens to an account over time. Throws a `PricingError`.
    #[wasm_bindgen(unchecked_return_type = "History")]
    pub fn account(
        #[wasm_bindgen(unchecked_param_type = "Request & { account: Account }")] request: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        answer(decode(request, "request").and_then(|request| crate::account(&request)))
    }

    /// Our lines against those of the provider's bill. Throws a `PricingError`.
    #[wasm_bindgen(unchecked_return_type = "Reconciliation")]
    pub fn reconcile(
        #[wasm_bindgen(unchecked_param_type = "Request & { bill: BillRow[] }")] request: JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        answer(decode(request, "request").and_then(|request| crate::reconcile::ask(&request)))
    }
}

/// Objects nested deeper than this are no request.
const DEPTH_MAX: usize = 32;

fn decode(from: JsValue, place: &str) -> Result<Value> {
    plain(&from, 0).map_err(|error| error.inside(place))
}

/// Plain data, as JSON has it. Own keys only, so `__proto__` is a key like any other.
fn plain(from: &JsValue, depth: usize) -> Result<Value> {
    if from.is_undefined() || from.is_null() {
        Ok(Value::Null)
    } else if let Some(it) = from.as_bool() {
        Ok(Value::Bool(it))
    } else if let Some(it) = from.as_f64() {
        Ok(Value::Number(it))
    } else if let Some(it) = from.as_string() {
        Ok(Value::Text(it))
    } else if depth == DEPTH_MAX || !from.is_object() || from.is_function() {
        fail(Code::InvalidType, "")
    } else if Array::is_array(from) {
        let mut list = Vec::new();
        for (i, item) in from.unchecked_ref::<Array>().iter().enumerate() {
            list.push(plain(&item, depth + 1).map_err(|error| error.inside(&format!("[{i}]")))?);
        }
        Ok(Value::List(list))
    } else {
        let mut map = Vec::new();
        for field in Object::entries(from.unchecked_ref()) {
            let field: Array = field.unchecked_into();
            let key = field.get(0).as_string().unwrap_or_default();
            let value = plain(&field.get(1), depth + 1).map_err(|error| error.inside(&key))?;
            map.push((key, value));
        }
        Ok(Value::Map(map))
    }
}

fn answer<T: Serialize>(answer: Result<T>) -> std::result::Result<JsValue, JsValue> {
    match answer {
        Ok(answer) => encode(&answer),
        Err(error) => Err(encode(&error)?),
    }
}

fn encode<T: Serialize>(answer: &T) -> std::result::Result<JsValue, JsValue> {
    Ok(answer.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}
