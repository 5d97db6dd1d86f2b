//! What the columns of a call log mean, and what its rows say.
//!
//! Columns are recognised by name, in English and Chinese, or mapped by hand. Names of APIs and regions are matched to the catalog;
//! those that are not known are listed, never guessed. An API is read in every region of the catalog: a call that succeeded was sold there.

use crate::catalog::{Api, Catalog, among};
use crate::count::{COUNT_MAX, Count};
use crate::csv::Record;
use crate::error::{Code, Result, fail};
use crate::purchase::known;
use crate::rulebook::{SuccessBy, SuccessRule};
use crate::sort::sort_by;
use crate::time::{Instant, LogClock, Zone};
use crate::value::{Read, Table, Value, reads};
use rustc_hash::FxHashMap;
use serde::Serialize;
use tsify::Tsify;

/// What a column can mean, and by which names it is recognised (lower case, without spaces, `_` and `-`).
const COLUMNS: [(&str, &[&str]); 9] = [
    (
        "at",
        &[
            "at",
            "time",
            "timestamp",
            "datetime",
            "date",
            "requesttime",
            "calltime",
            "eventtime",
            "starttime",
            "时间",
            "调用时间",
            "请求时间",
            "时间戳",
            "发生时间",
            "开始时间",
        ],
    ),
    (
        "api",
        &[
            "api",
            "apiname",
            "operation",
            "action",
            "eventname",
            "interface",
            "path",
            "uri",
            "url",
            "接口",
            "接口名称",
            "接口名",
            "api名称",
            "操作",
            "服务",
        ],
    ),
    ("region", &["region", "regionid", "regionname", "eventregion", "区域", "地域", "区域名称", "地区"]),
    // Before the status: where error codes tell, a column `code` holds them.
    ("errorCode", &["errorcode", "errcode", "错误码", "code", "返回码"]),
    (
        "status",
        &["status", "statuscode", "httpstatus", "httpcode", "code", "responsecode", "状态", "状态码", "http状态码", "响应码", "返回码"],
    ),
    ("project", &["project", "projectname", "enterpriseproject", "enterpriseprojectid", "企业项目", "项目", "企业项目id"]),
    ("user", &["user", "username", "iamuser", "userid", "caller", "用户", "用户名", "iam用户", "调用者"]),
    ("calls", &["calls", "count", "requests", "times", "callcount", "调用次数", "次数", "调用量", "请求数"]),
    ("id", &["id", "requestid", "traceid", "请求id", "请求标识", "requestuuid"]),
];

/// What a log lacks: the columns and names that its request gives by hand.
#[derive(Clone, Debug, Default, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct LogOptions {
    /// For `at`, `api`, `region`, `status`, `errorCode` (only where success goes by it), `project`, `user`, `calls`, `id`: a column by name or by position from 0; null: there is none.
    #[tsify(optional, type = "Partial<Record<LogColumn, string | number | null>>")]
    pub columns: Table<ColumnAt>,
    /// `,` `;` or a tab; left out: the one that the first line has most of.
    #[tsify(optional)]
    pub separator: Option<String>,
    /// The zone of instants that state none: `+08:00`.
    #[tsify(optional)]
    pub zone: Option<Zone>,
    /// What holds where a column is missing.
    #[tsify(optional)]
    pub defaults: LogDefaults,
    /// APIs by the names that the log uses for them.
    #[tsify(optional, type = "Record<string, string>")]
    pub api_names: Table<String>,
    /// Regions by the names that the log uses for them.
    #[tsify(optional, type = "Record<string, string>")]
    pub region_names: Table<String>,
    /// The log is another provider's, and this is what tells there whether a request succeeded. That it did proves nothing here: only APIs
    /// that the catalog lists in the region count, and no request that failed does.
    #[tsify(optional)]
    pub elsewhere: Option<SuccessBy>,
}

reads!(LogOptions { optional columns "columns", optional separator "separator", optional zone "zone", optional defaults "defaults", optional api_names "apiNames", optional region_names "regionNames", optional elsewhere "elsewhere" });

impl LogOptions {
    /// What counts as success in the log: by the catalog, or by the provider whose log it is.
    pub(crate) fn success(&self, catalog: &Catalog) -> SuccessRule {
        self.elsewhere.map_or_else(|| catalog.success.clone(), |by| SuccessRule { by, ..SuccessRule::default() })
    }

    /// A request of `replay` as a request of `estimate`, without usage, and what it says of the log.
    pub fn split(request: &Value) -> (Value, Value) {
        const OWN: [&str; 7] = ["columns", "separator", "zone", "defaults", "apiNames", "regionNames", "elsewhere"];
        let Value::Map(fields) = request else { return (request.clone(), Value::Map(Vec::new())) };
        let (mut of_request, mut of_log) = (Vec::new(), Vec::new());
        for field in fields.iter().filter(|(name, _)| name != "usage") {
            if OWN.contains(&field.0.as_str()) { &mut of_log } else { &mut of_request }.push(field.clone());
        }
        (Value::Map(of_request), Value::Map(of_log))
    }
}

/// What holds where a column is missing.
#[derive(Clone, Debug, Default, Tsify)]
pub struct LogDefaults {
    /// The region of every row.
    #[tsify(optional)]
    pub region: Option<String>,
    /// The API of every row.
    #[tsify(optional)]
    pub api: Option<String>,
}

reads!(LogDefaults { optional region "region", optional api "api" });

/// A column, by name or by position from 0; or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ColumnAt {
    /// There is none.
    #[default]
    Nowhere,
    /// By the name in the header.
    Named(String),
    /// By position.
    Position(usize),
}

impl Read for ColumnAt {
    fn take(&mut self, from: &Value) -> Result<()> {
        *self = match from {
            Value::Null => ColumnAt::Nowhere,
            Value::Text(name) => ColumnAt::Named(name.clone()),
            other => ColumnAt::Position(crate::value::read::<Count>(other)?.0 as usize),
        };
        Ok(())
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        r#"{"type":["string","integer","null"]}"#.to_string()
    }
}

/// Where each column stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Columns {
    /// When the request was made.
    pub at: Option<usize>,
    /// The API called.
    pub api: Option<usize>,
    /// The region called.
    pub region: Option<usize>,
    /// HTTP status.
    pub status: Option<usize>,
    /// The error code of the answer; only where the catalog goes by it (N4).
    pub error_code: Option<usize>,
    /// The project that the call carries.
    pub project: Option<usize>,
    /// Who called.
    pub user: Option<usize>,
    /// Requests that the row stands for.
    pub calls: Option<usize>,
    /// What tells a row from its repetition.
    pub id: Option<usize>,
}

impl Columns {
    /// Finds the columns of a header: those mapped by hand, the others by name. Error codes are looked for only where they tell what succeeded.
    pub fn find(header: &[String], mapped: &Table<ColumnAt>, success: &SuccessRule) -> Result<Columns> {
        let mut columns = Columns::default();
        if let Some((name, _)) = mapped.0.iter().find(|(name, _)| COLUMNS.iter().all(|(known, _)| known != name)) {
            return fail(Code::UnknownField, format!("request.columns.{name}"));
        }
        let by_code = success.by == SuccessBy::ErrorCode;
        for (name, known) in COLUMNS {
            if name == "errorCode" && !by_code {
                match mapped.get(name) {
                    None | Some(ColumnAt::Nowhere) => continue,
                    Some(_) => return fail(Code::UnknownField, "request.columns.errorCode"),
                }
            }
            let free = |column: &usize| name != "status" || columns.error_code != Some(*column);
            let found = match mapped.get(name) {
                Some(ColumnAt::Nowhere) => None,
                Some(ColumnAt::Position(position)) => Some(*position),
                Some(ColumnAt::Named(wanted)) => {
                    let found = header.iter().position(|title| plain(title) == plain(wanted));
                    if found.is_none() {
                        return fail(Code::ColumnMissing, format!("log.columns.{name}"));
                    }
                    found
                }
                // The first of the known names that the header has, so that "time" goes before "date".
                None => known.iter().find_map(|known| header.iter().position(|title| plain(title) == *known).filter(free)),
            };
            *columns.named(name) = found;
        }
        Ok(columns)
    }

    /// Fields that a row has at least, so that every column has one.
    pub fn width(&self) -> usize {
        let all = [self.at, self.api, self.region, self.status, self.project, self.user, self.calls, self.id];
        all.iter().flatten().max().map_or(0, |last| last + 1)
    }

    fn named(&mut self, name: &str) -> &mut Option<usize> {
        match name {
            "at" => &mut self.at,
            "api" => &mut self.api,
            "region" => &mut self.region,
            "status" => &mut self.status,
            "errorCode" => &mut self.error_code,
            "project" => &mut self.project,
            "user" => &mut self.user,
            "calls" => &mut self.calls,
            _ => &mut self.id,
        }
    }
}

/// A title without what people write differently.
fn plain(title: &str) -> String {
    title.chars().filter(|it| !it.is_whitespace() && !matches!(it, '_' | '-' | '(' | ')' | '.')).flat_map(char::to_lowercase).collect()
}

/// A name of an API or of a region that the catalog does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Unmatched {
    /// `api` or `region`.
    pub column: String,
    /// The name, as the log writes it.
    pub name: String,
    /// Requests under this name; they are in no answer.
    pub calls: u64,
}

/// What a row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// When.
    pub at: Instant,
    /// Index of the stream.
    pub stream: usize,
    /// Whether it counts: by its status (N1), by its error code (N4).
    pub successful: bool,
    /// Requests.
    pub requests: u64,
}

/// What becomes of a row.
pub enum RowOr {
    /// It counts.
    Row(Row),
    /// Its API or region is not known.
    Unmatched,
    /// It cannot be read: why, and in which column.
    Problem(Code, &'static str),
}

/// API, region, project and user of a stream.
pub type StreamKey = (usize, usize, Option<String>, Option<String>);

/// Reads rows.
pub struct Reader {
    columns: Columns,
    clock: LogClock,
    apis: Names,
    regions: Names,
    projects: Names,
    users: Names,
    default_api: Option<usize>,
    default_region: Option<usize>,
    success: SuccessRule,
    /// Where the catalog lists each API; empty where a call that succeeded is proof enough.
    listed: Vec<Vec<bool>>,
    streams: FxHashMap<[u32; 4], u32>,
    /// The last row's names and stream: the next one often has the same.
    last: ([u32; 4], u32),
    /// The streams found so far.
    pub keys: Vec<StreamKey>,
}

/// Spellings of names that are remembered in one column, and their bytes, at most, and the name for all further ones.
const SPELLINGS_MAX: usize = 1 << 16;
const SPELLED_MAX: usize = 1 << 26;
const MANY: &str = "…";
/// Streams in one log, at most.
const STREAMS_MAX: usize = 4_096;

/// Names seen in a column, each with its number. Known names have the number of what they name; the others count on.
struct Names {
    numbers: FxHashMap<Vec<u8>, u32>,
    /// Bytes of the spellings.
    spelled: usize,
    known: u32,
    /// Paths in which a part like `{project_id}` stands for anything.
    paths: Vec<(String, u32)>,
    /// The others, and requests under them.
    others: Vec<(Vec<u8>, u64)>,
    last: (Vec<u8>, u32),
}

impl Names {
    fn new(known: usize) -> Self {
        Names {
            numbers: FxHashMap::default(),
            spelled: 0,
            known: known as u32,
            paths: Vec::new(),
            others: Vec::new(),
            last: (Vec::new(), u32::MAX),
        }
    }

    fn know(&mut self, name: &str, number: usize) {
        self.numbers.entry(spelled(name).into_bytes()).or_insert(number as u32);
    }

    #[inline]
    fn number(&mut self, name: &[u8]) -> u32 {
        if self.last.1 != u32::MAX && self.last.0 == name {
            return self.last.1;
        }
        let number = match self.numbers.get(name) {
            Some(&number) => number,
            None => self.meet(name),
        };
        self.last.0.clear();
        self.last.0.extend_from_slice(name);
        self.last.1 = number;
        number
    }

    /// A spelling that was not seen before.
    #[cold]
    fn meet(&mut self, name: &[u8]) -> u32 {
        // Where names are known, spellings of one name are one; elsewhere every name is its own.
        let spelled = if self.known > 0 { spelled(&String::from_utf8_lossy(name)).into_bytes() } else { name.to_vec() };
        // A path may be called with a query.
        let called = spelled.split(|&byte| byte == b'?').next().unwrap_or_default();
        let by_path = self.paths.iter().find(|(path, _)| is_path(path.as_bytes(), called)).map(|(_, number)| *number);
        // Beyond so many spellings nothing is remembered any more: the unknown ones count as one.
        let full = self.numbers.len() >= SPELLINGS_MAX || self.spelled >= SPELLED_MAX;
        let (met, name) = if full { (MANY.as_bytes().to_vec(), MANY.as_bytes()) } else { (spelled.clone(), name) };
        let number = match self.numbers.get(&spelled).copied().or(by_path) {
            Some(number) => number,
            None => {
                let next = self.known + self.others.len() as u32;
                let number = *self.numbers.entry(met).or_insert(next);
                if number == next {
                    self.others.push((name.to_vec(), 0));
                }
                number
            }
        };
        if !full {
            self.spelled += name.len();
            self.numbers.insert(name.to_vec(), number);
        }
        number
    }

    fn other(&self, number: u32) -> Option<String> {
        let (name, _) = self.others.get(number.checked_sub(self.known)? as usize)?;
        Some(String::from_utf8_lossy(name).trim().to_string())
    }
}

impl Reader {
    /// A reader for a catalog's names and these columns.
    pub fn new(catalog: &Catalog, options: &LogOptions, columns: Columns) -> Result<Reader> {
        let mut apis = Names::new(catalog.apis.len());
        for (name, id) in &options.api_names.0 {
            apis.know(name, known(catalog.api(id), Code::UnknownApi, "request.apiNames")?);
        }
        for (i, api) in catalog.apis.iter().enumerate() {
            let names = [Some(&api.id), Some(&api.name.0), api.name.1.as_ref(), api.operation.as_ref(), api.path.as_ref()];
            names.into_iter().flatten().for_each(|name| apis.know(name, i));
            apis.paths.extend(api.path.iter().filter(|path| path.contains('{')).map(|path| (path.to_lowercase(), i as u32)));
        }
        let mut regions = Names::new(catalog.regions.len());
        for (name, id) in &options.region_names.0 {
            regions.know(name, known(catalog.region(id), Code::UnknownRegion, "request.regionNames")?);
        }
        for (i, region) in catalog.regions.iter().enumerate() {
            let names = [Some(&region.id), Some(&region.name.0), region.name.1.as_ref()].into_iter().flatten();
            names.chain(&region.also).for_each(|name| regions.know(name, i));
        }
        let default_api = options.defaults.api.as_ref().map(|id| known(catalog.api(id), Code::UnknownApi, "request.defaults.api"));
        let default_region =
            options.defaults.region.as_ref().map(|id| known(catalog.region(id), Code::UnknownRegion, "request.defaults.region"));
        let (default_api, default_region) = (default_api.transpose()?, default_region.transpose()?);
        // A catalog with one region needs no column for it.
        let default_region = default_region.or((catalog.regions.len() == 1).then_some(0));
        if columns.at.is_none() {
            return fail(Code::ColumnMissing, "log.columns.at");
        }
        if columns.api.is_none() && default_api.is_none() {
            return fail(Code::ColumnMissing, "log.columns.api");
        }
        if columns.region.is_none() && default_region.is_none() {
            return fail(Code::ColumnMissing, "log.columns.region");
        }
        let listed = |api: &Api| catalog.regions.iter().map(|region| among(&api.regions, &region.id)).collect();
        Ok(Reader {
            columns,
            clock: LogClock::new(options.zone),
            apis,
            regions,
            projects: Names::new(0),
            users: Names::new(0),
            default_api,
            default_region,
            success: options.success(catalog),
            listed: catalog.apis.iter().filter(|_| options.elsewhere.is_some()).map(listed).collect(),
            streams: FxHashMap::default(),
            last: ([u32::MAX; 4], 0),
            keys: Vec::new(),
        })
    }

    /// What a record says. `count_unmatched`: whether requests under unknown names are added up.
    #[inline]
    pub fn row(&mut self, record: &Record<'_>, count_unmatched: bool) -> Result<RowOr> {
        let columns = &self.columns;
        let field = |column: Option<usize>| column.map(|column| record.field(column).ok_or(RowOr::Problem(Code::TooFewFields, "")));
        macro_rules! take {
            ($column:expr, $name:literal) => {
                match field($column) {
                    Some(Err(_)) => return Ok(RowOr::Problem(Code::TooFewFields, $name)),
                    Some(Ok(text)) => Some(text),
                    None => None,
                }
            };
        }
        let at = match self.clock.read(take!(columns.at, "at").unwrap_or_default()) {
            Ok(at) => at,
            Err(code) => return Ok(RowOr::Problem(code, "at")),
        };
        let successful = match take!(columns.status, "status") {
            None => true,
            Some([b'2', b'0', b'0']) => true,
            Some(text) => match status(text) {
                Some(status) => (200..300).contains(&status),
                None => return Ok(RowOr::Problem(Code::InvalidStatus, "status")),
            },
        };
        let successful = successful && take!(columns.error_code, "errorCode").is_none_or(|code| succeeded(&self.success, code));
        let requests = match take!(columns.calls, "calls") {
            None => 1,
            Some(text) => match count(text) {
                Ok(count) => count,
                Err(code) => return Ok(RowOr::Problem(code, "calls")),
            },
        };
        let (api, region) = (take!(columns.api, "api"), take!(columns.region, "region"));
        let (project, user) = (take!(columns.project, "project"), take!(columns.user, "user"));
        let api = match (api, self.default_api) {
            (Some(name), default) if !(name.is_empty() && default.is_some()) => self.apis.number(name),
            (_, default) => default.unwrap_or_default() as u32,
        };
        let region = match (region, self.default_region) {
            (Some(name), default) if !(name.is_empty() && default.is_some()) => self.regions.number(name),
            (_, default) => default.unwrap_or_default() as u32,
        };
        let unknown = [(&mut self.apis, api), (&mut self.regions, region)].into_iter().find(|(names, number)| *number >= names.known);
        if let Some((names, number)) = unknown {
            let other = &mut names.others[(number - names.known) as usize];
            other.1 = other.1.saturating_add(if count_unmatched { requests } else { 0 });
            return Ok(RowOr::Unmatched);
        }
        if self.listed.get(api as usize).is_some_and(|listed| !listed[region as usize]) {
            return Ok(RowOr::Problem(Code::ApiNotOffered, "region"));
        }
        // 0: none given.
        let given = |names: &mut Names, text: Option<&[u8]>| text.filter(|text| !text.is_empty()).map_or(0, |text| names.number(text) + 1);
        let key = [api, region, given(&mut self.projects, project), given(&mut self.users, user)];
        if self.last.0 != key {
            self.last = (key, self.stream(key)?);
        }
        Ok(RowOr::Row(Row { at, stream: self.last.1 as usize, successful, requests }))
    }

    fn stream(&mut self, key: [u32; 4]) -> Result<u32> {
        if let Some(&stream) = self.streams.get(&key) {
            return Ok(stream);
        }
        if self.keys.len() == STREAMS_MAX {
            return fail(Code::TooManyStreams, "log");
        }
        let [api, region, project, user] = key;
        let name = |names: &Names, number: u32| number.checked_sub(1).and_then(|number| names.other(number));
        self.keys.push((api as usize, region as usize, name(&self.projects, project), name(&self.users, user)));
        let stream = self.keys.len() as u32 - 1;
        self.streams.insert(key, stream);
        Ok(stream)
    }

    /// The names that are not known, APIs first, those of most calls first.
    pub fn unmatched(&self) -> Vec<Unmatched> {
        let mut unmatched = Vec::new();
        for (column, names) in [("api", &self.apis), ("region", &self.regions)] {
            for (name, calls) in names.others.iter().filter(|(_, calls)| *calls > 0) {
                unmatched.push(Unmatched {
                    column: column.to_string(),
                    name: String::from_utf8_lossy(name).trim().to_string(),
                    calls: *calls,
                });
            }
        }
        sort_by(&mut unmatched, |a, b| (&a.column, b.calls, &a.name).cmp(&(&b.column, a.calls, &b.name)));
        unmatched
    }
}

/// Whether a path that was called, without its query, is this one of the catalog.
fn is_path(path: &[u8], called: &[u8]) -> bool {
    let (mut parts, mut of_call) = (path.split(|&byte| byte == b'/'), called.split(|&byte| byte == b'/'));
    loop {
        match (parts.next(), of_call.next()) {
            (None, None) => return true,
            (Some(part), Some(called)) if part == called || (part.starts_with(b"{") && !called.is_empty()) => {}
            _ => return false,
        }
    }
}

/// A name without what people write differently: upper case, spaces around it and before a bracket, full-width brackets.
fn spelled(name: &str) -> String {
    name.trim().to_lowercase().replace('（', "(").replace('）', ")").replace(" (", "(")
}

/// Whether a request with this error code counts (N4). A bare number from 100 to 599 is an HTTP status in its place.
fn succeeded(rule: &SuccessRule, code: &[u8]) -> bool {
    let code = code.trim_ascii();
    match status(code) {
        Some(status) => (200..300).contains(&status),
        None => std::str::from_utf8(code).is_ok_and(|code| rule.counts(code)),
    }
}

fn status(text: &[u8]) -> Option<u16> {
    let [hundreds, tens, ones] = text.trim_ascii() else { return None };
    let digits = [hundreds, tens, ones].map(|digit| u16::from(digit.wrapping_sub(b'0')));
    let status = digits.iter().all(|&digit| digit < 10).then(|| digits[0] * 100 + digits[1] * 10 + digits[2])?;
    (100..600).contains(&status).then_some(status)
}

fn count(text: &[u8]) -> std::result::Result<u64, Code> {
    let text = text.trim_ascii();
    if text.first() == Some(&b'-') {
        return Err(Code::CountNegative);
    }
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return Err(if text.contains(&b'.') { Code::CountFractional } else { Code::InvalidType });
    }
    let count = text.iter().try_fold(0_u64, |sum, digit| sum.checked_mul(10)?.checked_add(u64::from(digit - b'0')));
    count.filter(|&count| count <= COUNT_MAX).ok_or(Code::CountTooLarge)
}
