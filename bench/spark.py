"""Runs a query in Spark SQL over a log that bench/log.mjs wrote: spark.py LOG QUERY FOLDER. Needs pyspark and Java."""

import sys

from pyspark.sql import SparkSession

log, query, folder = sys.argv[1:]
with open(query, encoding="utf-8") as file:
    query = file.read()
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    # A session with summer time: the query must not care.
    .config("spark.sql.session.timeZone", "America/New_York")
    .getOrCreate()
)
columns = "`timestamp` timestamp, request_id string, operation string, region string, status smallint, project string, `user` string, calls bigint"
spark.read.csv(log, header=True, schema=columns).createOrReplaceTempView("log")
spark.sql(query).coalesce(1).write.mode("overwrite").csv(folder, header=True)
