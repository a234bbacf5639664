//! Inspect Scout's transcript databases: Parquet files, a row a transcript.
//!
//! In: one such file. Out: the transcripts' keys, their lines, and the trajectory of one, read as a sample of an Inspect
//! log is. It never passes on scores, metadata or what an error says unless asked to, and reads no messages of a
//! transcript that was not asked for but to list their first words.

use super::format::{FormatEntry, FormatReader};

/// A Parquet file; those of ratings are read elsewhere.
pub(super) const FORMAT: FormatEntry =
    FormatEntry { name: "scout", reader: FormatReader::File { starts: &[b"PAR1"], open } };

#[cfg(not(feature = "parquet"))]
use not_built::open;
#[cfg(feature = "parquet")]
use read::open;

#[cfg(not(feature = "parquet"))]
mod not_built {
    use super::super::format::{Log, LogFile};
    use goldbook_ground::diagnostic::Fault;

    pub(super) fn open<'s>(_: Box<dyn LogFile + 's>) -> Result<Box<dyn Log + 's>, Fault> {
        Err(Fault::whole("it is a Parquet file, which this build of Goldbook can't read")
            .help("install it with the feature: `cargo install --path . --features parquet`"))
    }
}

#[cfg(feature = "parquet")]
mod read {
    use std::sync::Arc;

    use bytes::Bytes;
    use parquet::errors::ParquetError;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    use parquet::schema::types::Type;
    use serde_json::{Value, json};

    use super::super::fields::id_text;
    use super::super::format::{Log, LogFile};
    use super::super::inspect::EvalLog;
    use super::super::sample::{SampleKey, SampleLine};
    use super::super::{JsonObject, Trajectory, extra, json as text};
    use goldbook_ground::caught::caught;
    use goldbook_ground::diagnostic::Fault;
    use goldbook_ground::limits::{at_most, mebibytes};
    use goldbook_ground::text::quoted;

    /// More than this, in bytes, is not read of a file, packed or not.
    const LARGEST: u64 = 2 << 30;

    /// The columns of which a line of a listing is made, and those of which a trajectory is.
    const LINE: [&str; 6] = ["transcript_id", "error", "limit", "model", "message_count", "messages"];
    const SAMPLE: [&str; 16] = [
        "transcript_id",
        "task_set",
        "task_id",
        "task_repeat",
        "agent",
        "model",
        "error",
        "limit",
        "messages",
        "events",
        "events_data",
        "attachments",
        "score",
        "score_explanation",
        "success",
        "target",
    ];

    /// A file whose transcripts are known.
    struct ScoutDatabase {
        file: Bytes,
        ids: Vec<String>,
    }

    pub(super) fn open<'s>(source: Box<dyn LogFile + 's>) -> Result<Box<dyn Log + 's>, Fault> {
        let unreadable = |error| Fault::whole(format!("the file can't be read: {error}")).help("Copy it anew.");
        let too_large = || Fault::whole(format!("the Parquet file has more than {}", mebibytes(LARGEST)));
        let file: Bytes = at_most(source, LARGEST).map_err(unreadable)?.ok_or_else(too_large)?.into();
        let mut ids = Vec::new();
        rows(&file, &["transcript_id"], |place, row| {
            ids.push(id_text(&row, "transcript_id").unwrap_or_else(|| (place + 1).to_string()));
            true
        })?;
        match ids.is_empty() {
            true => Err(Fault::whole("the Parquet file holds no transcripts")),
            false => Ok(Box::new(ScoutDatabase { file, ids })),
        }
    }

    /// Gives the rows one by one, of each the columns of these names, until one is not to be followed by another.
    fn rows(file: &Bytes, names: &[&str], take: impl FnMut(usize, JsonObject) -> bool) -> Result<(), Fault> {
        let read = caught(|| each_row(file.clone(), names, take));
        read.unwrap_or_else(|| Err(damaged(&"its parts do not fit together")))
    }

    fn each_row(file: Bytes, names: &[&str], mut take: impl FnMut(usize, JsonObject) -> bool) -> Result<(), Fault> {
        let reader = SerializedFileReader::new(file).map_err(unreadable)?;
        let about = reader.metadata();
        let unpacked: i64 = about.row_groups().iter().map(|group| group.total_byte_size().max(0)).sum();
        if unpacked.unsigned_abs() > LARGEST {
            return Err(Fault::whole(format!("the Parquet file unpacks to more than {}", mebibytes(LARGEST))));
        }
        let schema = about.file_metadata().schema();
        let fields = schema.get_fields();
        let has = |name: &str| fields.iter().any(|field| field.name() == name);
        if !has("transcript_id") || !(has("messages") || has("events")) {
            let found: Vec<String> = fields.iter().take(8).map(|field| quoted(field.name())).collect();
            return Err(Fault::whole(format!(
                "the Parquet file is no database of transcripts: it has {}",
                found.join(", ")
            )));
        }
        let wanted = fields.iter().filter(|field| names.contains(&field.name())).map(Arc::clone).collect();
        let projection = Type::group_type_builder("schema").with_fields(wanted).build().map_err(unreadable)?;
        for (place, row) in reader.get_row_iter(Some(projection)).map_err(unreadable)?.enumerate() {
            let row = row.map_err(unreadable)?;
            let cells = row.get_column_iter().filter_map(|(name, cell)| Some((name.clone(), value(cell)?)));
            if !take(place, cells.collect()) {
                break;
            }
        }
        Ok(())
    }

    /// A cell as JSON; none where nothing stands.
    fn value(cell: &Field) -> Option<Value> {
        match cell {
            Field::Str(text) => Some(json!(text)),
            Field::Bytes(bytes) => std::str::from_utf8(bytes.data()).ok().map(|text| json!(text)),
            Field::Bool(is) => Some(json!(is)),
            Field::Int(number) => Some(json!(number)),
            Field::Long(number) => Some(json!(number)),
            Field::Double(number) => Some(json!(number)),
            _ => None,
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "it is handed to `map_err`")]
    fn unreadable(error: ParquetError) -> Fault {
        damaged(&error)
    }

    fn damaged(why: &dyn std::fmt::Display) -> Fault {
        Fault::whole(format!("this Parquet file is damaged, or of a kind that is not read: {why}"))
            .help("Copy the file again.")
    }

    /// A transcript as the log of one sample that it was.
    fn log(mut row: JsonObject) -> Result<EvalLog, Fault> {
        let mut sample = JsonObject::new();
        for name in ["messages", "events", "events_data", "attachments"] {
            let structured = row.get(name).and_then(Value::as_str).and_then(text::value);
            structured.into_iter().for_each(|value| drop(sample.insert(name.to_owned(), value)));
        }
        // What was asked, for a listing.
        let is_users = |message: &&Value| message["role"] == "user";
        let asked = sample.get("messages").and_then(Value::as_array).and_then(|all| all.iter().find(is_users));
        asked.cloned().into_iter().for_each(|asked| drop(sample.insert("input".to_owned(), json!([asked]))));
        let renamed = [
            ("id", "task_id"),
            ("epoch", "task_repeat"),
            ("uuid", "transcript_id"),
            ("error", "error"),
            ("limit", "limit"),
            ("target", "target"),
        ];
        for (name, column) in renamed {
            row.get(column).into_iter().for_each(|value| drop(sample.insert(name.to_owned(), value.clone())));
        }
        let scores = ["score", "score_explanation", "success"].map(|name| Some((name.to_owned(), row.remove(name)?)));
        sample.insert("scores".to_owned(), Value::Object(scores.into_iter().flatten().collect()));
        let spec = json!({"task": row.get("task_set"), "solver": row.get("agent"), "model": row.get("model")});
        let fields = [("eval".to_owned(), spec), ("samples".to_owned(), json!([sample]))];
        EvalLog::new(fields.into_iter().collect())
    }

    impl Log for ScoutDatabase {
        fn keys(&self) -> Vec<SampleKey> {
            self.ids.iter().map(|id| SampleKey { id: id.clone(), epoch: None }).collect()
        }

        fn into_lines(self: Box<Self>) -> Result<Vec<SampleLine>, Fault> {
            let mut lines = Vec::new();
            let mut failed = None;
            rows(&self.file, &LINE, |_, row| match log(row).and_then(|log| Box::new(log).into_lines()) {
                Ok(line) => {
                    lines.extend(line);
                    true
                }
                Err(fault) => {
                    failed = Some(fault);
                    false
                }
            })?;
            failed.map_or(Ok(lines), Err)
        }

        fn into_trajectory(self: Box<Self>, index: usize, keep_gold: bool) -> Result<Trajectory, Fault> {
            let mut found = None;
            rows(&self.file, &SAMPLE, |place, row| {
                if place == index {
                    found = Some(row);
                }
                place < index
            })?;
            let row = found.ok_or_else(|| damaged(&"a row is missing"))?;
            let mut run = Box::new(log(row)?).into_trajectory(0, keep_gold)?;
            run.extra.insert(extra::SOURCE_FORMAT.to_owned(), json!(super::FORMAT.name));
            Ok(run)
        }
    }
}
