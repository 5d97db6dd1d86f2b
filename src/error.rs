//! What can be wrong, and where: a stable code, a place, a short sentence.
//!
//! The only maker of messages. The page words the code in the reader's language; `message` is for programmers.

use serde::Serialize;
use std::fmt;
use tsify::Tsify;

macro_rules! codes {
    ($($variant:ident $name:literal $sentence:literal;)*) => {
        /// The stable code of an error or of a lint problem. Codes are never renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        #[derive(Tsify)]
        pub enum Code { $(#[doc = $sentence] #[serde(rename = $name)] $variant),* }

        impl Code {
            /// Every code there is.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// The code as it stands in answers: `unknown_region`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name),* }
            }

            /// The code in one short English sentence.
            pub fn sentence(self) -> &'static str {
                match self { $(Code::$variant => $sentence),* }
            }
        }
    };
}

codes! {
    UnknownField "unknown_field" "there is no such field here";
    MissingField "missing_field" "this field is required";
    InvalidType "invalid_type" "this is of the wrong type";
    InvalidValue "invalid_value" "this value is not allowed here";
    InvalidDecimal "invalid_decimal" "a decimal string like \"0.08\" is expected: at most 12 digits before the point and 10 after it";
    DecimalAsNumber "decimal_as_number" "money is written as a string like \"0.08\", never as a number";
    CountNegative "count_negative" "a count cannot be negative";
    CountFractional "count_fractional" "a count is a whole number";
    CountTooLarge "count_too_large" "counts, and their sum, go up to 9,007,199,254,740,991; lengths and days ahead to what their field says";
    ShareAboveOne "share_above_one" "a share lies between 0 and 1";
    InvalidInstant "invalid_instant" "an instant like \"2023-03-20T10:30:00+08:00\" of the years 1970 to 2199 is expected";
    InstantWithoutOffset "instant_without_offset" "an instant needs its offset, as in +08:00";
    InvalidDay "invalid_day" "a day like \"2026-11-20\" is expected";
    InvalidMonth "invalid_month" "a month like \"2026-01\" is expected";
    InvalidOffset "invalid_offset" "an offset like \"+08:00\" is expected";
    PeriodReversed "period_reversed" "this ends before it starts";
    PeriodBeforeOpening "period_before_opening" "the period starts before the state that it continues";
    UnknownRegion "unknown_region" "the catalog has no such region";
    UnknownApi "unknown_api" "the catalog has no such API";
    UnknownPackage "unknown_package" "the catalog has no such package at that instant";
    UnknownClass "unknown_class" "the catalog has no such class";
    UnknownSource "unknown_source" "the catalog's sources do not name this";
    UnknownGrant "unknown_grant" "the request has no grant with this id";
    UnknownLadder "unknown_ladder" "there is no ladder with this index";
    UnknownTier "unknown_tier" "the catalog has no such customer tier";
    UnknownProfile "unknown_profile" "the catalog has no such rule profile";
    PackageNotSold "package_not_sold" "this package is not sold for that API or region";
    ApiNotOffered "api_not_offered" "this API is not offered in that region";
    InvalidEffective "invalid_effective" "a chosen start is a 00:00:00 after the purchase, where the provider lets one choose";
    InvalidRenewal "invalid_renewal" "a renewal comes after the purchase and after the renewal before it";
    UsedAboveQuota "used_above_quota" "more was used than the grant holds";
    DuplicateId "duplicate_id" "this id is taken";
    EmptyCatalog "empty_catalog" "this is not a catalog: it names no API";
    NoSteps "no_steps" "a ladder needs at least one step";
    StepsNotRising "steps_not_rising" "the upper ends of the steps must rise";
    LastStepBounded "last_step_bounded" "the last step must be open: upTo null";
    FlatWithSteps "flat_with_steps" "a flat price has exactly one step";
    LadderOverlap "ladder_overlap" "two ladders claim the same API, region and instant";
    PackageOverlap "package_overlap" "two rows of one package claim the same instant";
    VolumeSettledHourly "volume_settled_hourly" "a volume ladder needs monthly settlement: its price is known only at the month's end";
    PriceRises "price_rises" "this step costs more a call than the one before it";
    HoursMissing "hours_missing" "a limited package serves only its hours here, and this one states none";
    NoSuchCall "no_such_call" "no such call is made at that second";
    LogEmpty "log_empty" "there are no rows";
    LogNotText "log_not_text" "this is not a text file of rows and columns";
    ColumnMissing "column_missing" "there is no column for this";
    TooManyStreams "too_many_streams" "more than 4,096 combinations of API, region, project and user";
    TooFewFields "too_few_fields" "the row ends before this column";
    TooManyFields "too_many_fields" "the row has a field more than there are columns: a comma in a number, for one, needs quotes around it";
    QuoteUnclosed "quote_unclosed" "a quote is opened and never closed";
    LineTooLong "line_too_long" "a row is longer than a million bytes";
    InvalidStatus "invalid_status" "an HTTP status from 100 to 599 is expected";
    NeverPays "never_pays" "this package costs as much as its calls by pay-per-use, or more";
    ZeroPrice "zero_price" "this price is zero";
    PriceOld "price_old" "the prices of this source are a year old, or older";
    SourceUndated "source_undated" "prices come from this source, and it states no date";
    UnusableQuota "unusable_quota" "no API can take a call from this quota where it is given";
    OrderLeavesTies "order_leaves_ties" "the order does not end with the sequence of purchase, so two packages can tie";
    AmountTooLarge "amount_too_large" "this amount is beyond what can be computed exactly";
    AnswerTooLarge "answer_too_large" "the question or its answer is too large: at most 200,000 lines or draws, 10,000 rows in a list, 256 steps in a ladder, 1,200 months in a comparison, and the hours that can be worked out in seconds";
    NoPublishedPrice "no_published_price" "no price is published for this; enter one";
    NoPayPerUse "no_pay_per_use" "there is no pay-per-use here, or it is switched off, so there is nothing to compare packages with";
    NoPayPerUseSwitch "no_pay_per_use_switch" "pay-per-use cannot be switched on or off in this catalog";
    AuditFailed "audit_failed" "the engine's own audit failed: please report this request";
    NothingToEstimate "nothing_to_estimate" "there are no grants and no usage, and no period is given";
}

/// A failure: `{ code, place, message }` on the JavaScript side.
///
/// `place` is a field's path (`request.usage[3].calls`, `catalog.ladders[0].steps[2].upTo`).
#[derive(Clone, Debug, PartialEq, Eq, Tsify)]
#[tsify(type = "{ code: Code; place: string; message: string }")]
pub struct PricingError(Box<Wrong>);

/// Boxed, because it travels up through every function and is hardly ever there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wrong {
    code: Code,
    place: String,
}

impl Serialize for PricingError {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut error = to.serialize_struct("PricingError", 3)?;
        error.serialize_field("code", self.code().name())?;
        error.serialize_field("place", self.place())?;
        // The page has its own words; the small module leaves the sentences out.
        error.serialize_field("message", if cfg!(feature = "whole") { self.code().sentence() } else { self.code().name() })?;
        error.end()
    }
}

/// Everything fallible in the engine fails with a [`PricingError`].
pub type Result<T> = std::result::Result<T, PricingError>;

impl PricingError {
    /// An error at a place.
    pub fn new(code: Code, place: impl Into<String>) -> Self {
        PricingError(Box::new(Wrong { code, place: place.into() }))
    }

    /// What is wrong.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Which field, as a path from `request` or `catalog`.
    pub fn place(&self) -> &str {
        &self.0.place
    }

    /// The same error, its place seen from the field or index that holds it.
    #[cold]
    #[inline(never)]
    pub(crate) fn inside(mut self, outer: &str) -> Self {
        let dot = if self.place().is_empty() || self.place().starts_with('[') { "" } else { "." };
        self.0.place = format!("{outer}{dot}{}", self.place());
        self
    }

    /// The same error, its place seen from the list that holds it.
    #[cold]
    pub(crate) fn inside_index(self, index: usize) -> Self {
        self.inside(&format!("[{index}]"))
    }
}

/// `Err` with this code at this place.
pub(crate) fn fail<T>(code: Code, place: impl Into<String>) -> Result<T> {
    Err(PricingError::new(code, place))
}

impl fmt::Display for PricingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.place(), self.code().sentence(), self.code().name())
    }
}

impl std::error::Error for PricingError {}
