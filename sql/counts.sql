-- What the engine needs of a call log that is too large for it to read: how many calls each stream made in each hour, and in each second
-- of the hours that the engine asks to see closer. One text for DuckDB and Spark SQL; nothing in it depends on a session's time zone.
--
-- Put in place of {{…}}:
--   {{table}}    the log: a table, a view, read_csv('…')
--   {{seconds}}  when the request was made, in seconds since 1970-01-01T00:00:00Z; of a column of type timestamp with time zone:
--                epoch(made) in DuckDB, unix_timestamp(made) in Spark
--   {{api}}      the API: its operation, path or name, as the catalog has it
--   {{region}}   the region: 'cn-north-4' in quotes when the log is of one region
--   {{project}}  the project; '' when the log does not say
--   {{user}}     the user; '' when the log does not say
--   {{status}}   the HTTP status; 200 when only requests that were served are logged
--   {{calls}}    the requests that a row stands for; 1 when each has its own
--   {{zone}}     the catalog's offset in seconds, which says where hours begin: 28800 for +08:00
--   {{refine}}   the hours to be counted by second: the seconds since 1970 at which they begin, with commas between; at first -1, none
--
-- A row without a time, a status or a number comes out without it: the engine says so, and nothing is dropped in silence.
with request as (
  select
    cast(floor({{seconds}}) as bigint) as made,
    coalesce({{api}}, '') as api,
    coalesce({{region}}, '') as region,
    coalesce({{project}}, '') as project,
    coalesce({{user}}, '') as caller,
    case when {{status}} between 200 and 299 then 200 when {{status}} is not null then 500 end as status,
    {{calls}} as calls
  from {{table}}
),
timed as (
  select made - (made + {{zone}}) % 3600 as hour, request.* from request
),
counted as (
  select
    case when hour in ({{refine}}) then made else hour end as since,
    api, region, project, caller, status, sum(calls) as calls
  from timed
  group by 1, 2, 3, 4, 5, 6, calls is null
)
select
  concat(
    cast(date '1970-01-01' + cast(floor(since / 86400) as int) as string), 'T',
    lpad(cast(cast(floor(since % 86400 / 3600) as int) as string), 2, '0'), ':',
    lpad(cast(cast(floor(since % 3600 / 60) as int) as string), 2, '0'), ':',
    lpad(cast(since % 60 as string), 2, '0'), 'Z'
  ) as at,
  api, region, project, caller as user, status, calls
from counted
order by since, api, region, project, caller, status
