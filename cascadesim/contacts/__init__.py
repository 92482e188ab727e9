"""People from CSV or Parquet files, streamed."""
