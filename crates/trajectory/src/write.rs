//! Trajectory → ATIF text.
//!
//! In: a trajectory. Out: indented JSON with ATIF's fields in ATIF's order, then those that were kept as found. It
//! never leaves out or renames a field, and never writes one twice: what a typed field says stands before what `rest`
//! holds under the same name.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::json;

use super::{
    Agent, ContentPart, JsonObject, Observation, ObservationResult, Step, StepContent, StepSource, ToolCall, Trajectory,
};

/// The trajectory as an ATIF file: indented JSON that ends in a newline.
pub fn to_atif(trajectory: &Trajectory) -> String {
    let json = serde_json::to_string_pretty(trajectory);
    json.expect("every key is text and nothing else can fail") + "\n"
}

/// Writes an object: known fields first, then the rest.
struct ObjectWriter<'a, M> {
    map: M,
    rest: &'a JsonObject,
    written: Vec<&'static str>,
}

impl<'a, M: SerializeMap> ObjectWriter<'a, M> {
    fn put<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), M::Error> {
        self.written.push(name);
        self.map.serialize_entry(name, value)
    }

    fn put_some<T: Serialize>(&mut self, name: &'static str, value: &Option<T>) -> Result<(), M::Error> {
        match value {
            Some(value) => self.put(name, value),
            None => Ok(()),
        }
    }

    fn put_fields(&mut self, name: &'static str, value: &JsonObject) -> Result<(), M::Error> {
        match value.is_empty() {
            true => Ok(()),
            false => self.put(name, value),
        }
    }

    fn end(mut self) -> Result<M::Ok, M::Error> {
        for (name, value) in self.rest {
            if !self.written.contains(&name.as_str()) {
                self.map.serialize_entry(name, value)?;
            }
        }
        self.map.end()
    }
}

fn object<S: Serializer>(serializer: S, rest: &JsonObject) -> Result<ObjectWriter<'_, S::SerializeMap>, S::Error> {
    Ok(ObjectWriter { map: serializer.serialize_map(None)?, rest, written: Vec::new() })
}

impl Serialize for Trajectory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = object(serializer, &self.rest)?;
        fields.put("schema_version", &self.schema_version)?;
        fields.put_some("session_id", &self.session_id)?;
        fields.put_some("trajectory_id", &self.trajectory_id)?;
        fields.put("agent", &self.agent)?;
        fields.put("steps", &self.steps)?;
        fields.put_fields("extra", &self.extra)?;
        fields.end()
    }
}

impl Serialize for Agent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = object(serializer, &self.rest)?;
        fields.put("name", &self.name)?;
        fields.put("version", &self.version)?;
        fields.put_some("model_name", &self.model_name)?;
        fields.end()
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = object(serializer, &self.rest)?;
        fields.put("step_id", &self.step_id)?;
        fields.put_some("timestamp", &self.timestamp)?;
        fields.put("source", &self.source)?;
        fields.put_some("model_name", &self.model_name)?;
        fields.put("message", &self.message)?;
        fields.put_some("reasoning_content", &self.reasoning_content)?;
        if !self.tool_calls.is_empty() {
            fields.put("tool_calls", &self.tool_calls)?;
        }
        fields.put_some("observation", &self.observation)?;
        if self.is_copied_context {
            fields.put("is_copied_context", &true)?;
        }
        fields.put_fields("extra", &self.extra)?;
        fields.end()
    }
}

impl Serialize for StepSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Serialize for StepContent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Parts(parts) => serializer.collect_seq(parts),
        }
    }
}

impl Serialize for ContentPart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => json!({"type": "text", "text": text}).serialize(serializer),
            Self::Image { media_type, path } => {
                let source = json!({"media_type": media_type, "path": path});
                json!({"type": "image", "source": source}).serialize(serializer)
            }
            Self::Other(part) => part.serialize(serializer),
        }
    }
}

impl Serialize for ToolCall {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = object(serializer, &self.rest)?;
        fields.put("tool_call_id", &self.tool_call_id)?;
        fields.put("function_name", &self.function_name)?;
        fields.put("arguments", &self.arguments)?;
        fields.put_fields("extra", &self.extra)?;
        fields.end()
    }
}

impl Serialize for Observation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = object(serializer, &self.rest)?;
        fields.put("results", &self.results)?;
        fields.end()
    }
}

impl Serialize for ObservationResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = object(serializer, &self.rest)?;
        fields.put_some("source_call_id", &self.source_call_id)?;
        fields.put_some("content", &self.content)?;
        fields.put_fields("extra", &self.extra)?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ReadOptions, read};
    use super::*;

    #[test]
    fn fields_stand_in_the_order_of_the_format_and_the_text_ends_in_a_newline() {
        let log = br#"[{"role": "user", "content": "hi"}]"#;
        let text = to_atif(&read(log, &ReadOptions::default()).unwrap());
        let at = |name: &str| text.find(name).unwrap();
        assert!(text.starts_with("{\n  \"schema_version\": \"ATIF-v1.7\","));
        assert!(at("\"agent\"") < at("\"steps\""));
        assert!(at("\"step_id\"") < at("\"source\"") && at("\"source\"") < at("\"message\""));
        assert!(text.ends_with("}\n"));
    }

    #[test]
    fn a_field_that_was_null_and_is_set_is_written_once() {
        let log = br#"{"schema_version": "ATIF-v1.2", "agent": {"name": "a", "version": "1"},
            "extra": null, "steps": [{"step_id": 1, "source": "user", "message": "hi"}]}"#;
        let mut trajectory = read(log, &ReadOptions::default()).unwrap();
        assert!(to_atif(&trajectory).contains("\"extra\": null"));
        trajectory.extra.insert("seed".into(), 1.into());
        assert_eq!(to_atif(&trajectory).matches("\"extra\"").count(), 1);
    }
}
