//! Values of a Parquet file as the text of cells.
//!
//! In: a value, and what its type says it means. Out: its text: whole numbers without a point, what is no number as
//! nothing, times in ISO 8601, with a zone if they are instants. A value that can't be text is refused. It knows no
//! column.

use crate::cell::Cell;
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::data_type::{ByteArray, Int96};
use parquet::schema::types::ColumnDescriptor;
use std::sync::Arc;

/// What the values of a column mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueForm {
    /// What is stored: text, numbers, yes and no.
    Plain,
    /// Whole numbers without a sign.
    Unsigned,
    /// Numbers of so many digits behind the point.
    Decimal(u32),
    /// Days since 1970.
    Date,
    /// So many parts of a second since midnight.
    TimeOfDay(i64),
    /// So many parts of a second since 1970: in UTC, or by whoever's clock.
    Moment { parts: i64, is_instant: bool },
    /// 16 bytes with hyphens.
    Uuid,
    /// The place of one of these, from 0 on; -1 is nothing.
    Label(Arc<[String]>),
}

const THOUSANDTHS: i64 = 1_000;
const MILLIONTHS: i64 = 1_000_000;
const BILLIONTHS: i64 = 1_000_000_000;

/// Beyond this, two numbers that differ as written may be read as one.
const EXACT: f64 = 9e15;

impl ValueForm {
    /// That of what is stored; or the name of a type that is not read.
    pub fn of(stored: &ColumnDescriptor) -> Result<Self, String> {
        let parts = |unit: &TimeUnit| match unit {
            TimeUnit::MILLIS => THOUSANDTHS,
            TimeUnit::MICROS => MILLIONTHS,
            TimeUnit::NANOS => BILLIONTHS,
        };
        let moment = |parts, is_instant| Self::Moment { parts, is_instant };
        let decimal = || u32::try_from(stored.type_scale()).map(Self::Decimal).map_err(|_| "decimals".to_owned());
        let physical = stored.physical_type();
        let of_bytes = matches!(physical, Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY);
        match (stored.logical_type_ref(), stored.converted_type()) {
            (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => decimal(),
            (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Ok(Self::Date),
            (Some(LogicalType::Time(time)), _) => Ok(Self::TimeOfDay(parts(&time.unit))),
            (None, ConvertedType::TIME_MILLIS) => Ok(Self::TimeOfDay(THOUSANDTHS)),
            (None, ConvertedType::TIME_MICROS) => Ok(Self::TimeOfDay(MILLIONTHS)),
            (Some(LogicalType::Timestamp(time)), _) => Ok(moment(parts(&time.unit), time.is_adjusted_to_u_t_c)),
            (None, ConvertedType::TIMESTAMP_MILLIS) => Ok(moment(THOUSANDTHS, true)),
            (None, ConvertedType::TIMESTAMP_MICROS) => Ok(moment(MILLIONTHS, true)),
            (Some(LogicalType::Integer(whole)), _) if !whole.is_signed => Ok(Self::Unsigned),
            (
                None,
                ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64,
            ) => Ok(Self::Unsigned),
            (Some(LogicalType::Uuid), _) if stored.type_length() == 16 => Ok(Self::Uuid),
            (Some(LogicalType::String | LogicalType::Enum | LogicalType::Json), _) => Ok(Self::Plain),
            (None, ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON) => Ok(Self::Plain),
            // Old programs write text without saying so.
            (None, ConvertedType::NONE) if physical != Type::FIXED_LEN_BYTE_ARRAY => Ok(Self::Plain),
            (None | Some(LogicalType::Integer(_) | LogicalType::Unknown), _) if !of_bytes => Ok(Self::Plain),
            (Some(kind), _) => Err(format!("values of the type {kind:?}")),
            (None, ConvertedType::NONE) => Err("bytes".to_owned()),
            (None, kind) => Err(format!("values of the type {kind}")),
        }
    }

    /// A whole number.
    pub fn whole(&self, number: i64, bits: u32) -> Result<Cell<'static>, &'static str> {
        let text = match *self {
            Self::Unsigned if bits == 32 => (number as u32).to_string(),
            Self::Unsigned => number.cast_unsigned().to_string(),
            Self::Decimal(scale) => decimal(number.into(), scale),
            Self::Date => date(number)?,
            Self::TimeOfDay(parts) => time_of_day(number, parts)?,
            Self::Label(_) if number == -1 => String::new(),
            Self::Label(ref labels) => {
                let label = usize::try_from(number).ok().and_then(|place| labels.get(place));
                label.ok_or("holds the place of a label that the file does not name")?.clone()
            }
            Self::Moment { parts, is_instant } => {
                moment(number.div_euclid(parts), number.rem_euclid(parts) * (BILLIONTHS / parts), is_instant)?
            }
            Self::Plain | Self::Uuid => number.to_string(),
        };
        Ok(Cell::Own(text))
    }

    /// Text, or what is stored in bytes.
    pub fn bytes<'a>(&self, bytes: &'a ByteArray) -> Result<Cell<'a>, &'static str> {
        match *self {
            Self::Decimal(scale) => Ok(Cell::Own(decimal(of_bytes(bytes.data())?, scale))),
            Self::Uuid => Ok(Cell::Own(uuid(bytes.data()))),
            _ => text(bytes.data()),
        }
    }
}

/// A number with a point; what is none is nothing.
pub fn real(number: f64) -> Result<Cell<'static>, &'static str> {
    if number.is_nan() {
        return Ok(Cell::Slice(""));
    }
    if number.fract() == 0.0 && number.abs() > EXACT {
        return Err("is a number too large to be read exactly: write it as text, or as a whole number");
    }
    // There is one zero.
    Ok(Cell::Own((number + 0.0).to_string()))
}

/// The same of half the size, whose digits are fewer.
pub fn short_real(number: f32) -> Result<Cell<'static>, &'static str> {
    real(number.into())?;
    Ok(if number.is_nan() { Cell::Slice("") } else { Cell::Own((number + 0.0).to_string()) })
}

/// A moment as it was stored before there was a type for it: whether it is in UTC, nobody says.
pub fn old_moment(value: Int96) -> Result<Cell<'static>, &'static str> {
    /// The day of 1970 in the count of days that it has.
    const DAY_OF_1970: i64 = 2_440_588;
    let [low, high, day] = *value.data() else { return Err(NO_TIME) };
    let nanoseconds = (i64::from(high) << 32 | i64::from(low)).clamp(0, 86_400 * BILLIONTHS - 1);
    let seconds = (i64::from(day) - DAY_OF_1970) * 86_400 + nanoseconds / BILLIONTHS;
    moment(seconds, nanoseconds % BILLIONTHS, false).map(Cell::Own)
}

fn text(bytes: &[u8]) -> Result<Cell<'_>, &'static str> {
    let text = str::from_utf8(bytes).map_err(|_| "holds bytes that are not UTF-8")?;
    if text.contains('\0') { Err("holds a NUL byte") } else { Ok(Cell::Slice(text.trim())) }
}

const NO_TIME: &str = "holds a time that no calendar has";

fn date(days: i64) -> Result<String, &'static str> {
    let days = i32::try_from(days).map_err(|_| NO_TIME)?;
    let date = Date::constant(1970, 1, 1).checked_add(SignedDuration::from_hours(24 * i64::from(days)));
    date.map(|date| date.to_string()).map_err(|_| NO_TIME)
}

fn time_of_day(count: i64, parts: i64) -> Result<String, &'static str> {
    let since = SignedDuration::new(count.div_euclid(parts), (count.rem_euclid(parts) * (BILLIONTHS / parts)) as i32);
    Time::midnight().checked_add(since).map(|time| time.to_string()).map_err(|_| NO_TIME)
}

fn moment(seconds: i64, nanoseconds: i64, is_instant: bool) -> Result<String, &'static str> {
    let nanoseconds = i32::try_from(nanoseconds).map_err(|_| NO_TIME)?;
    if is_instant {
        return Timestamp::new(seconds, nanoseconds).map(|time| time.to_string()).map_err(|_| NO_TIME);
    }
    let start = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
    let local = start.checked_add(SignedDuration::new(seconds, nanoseconds));
    local.map(|local| local.to_string()).map_err(|_| NO_TIME)
}

/// A number with so many digits behind the point, of which zeros at the end say nothing.
fn decimal(digits: i128, scale: u32) -> String {
    let width = scale as usize + 1;
    let text = format!("{:0width$}", digits.unsigned_abs());
    let (whole, rest) = text.split_at(text.len() - scale as usize);
    let rest = rest.trim_end_matches('0');
    let sign = if digits < 0 { "-" } else { "" };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// The whole number in bytes of which the first counts most.
fn of_bytes(bytes: &[u8]) -> Result<i128, &'static str> {
    let Some(first) = bytes.first() else { return Ok(0) };
    let fill = if first & 0x80 == 0 { 0 } else { 0xff };
    let spare = bytes.len().saturating_sub(16);
    if bytes[..spare].iter().any(|byte| *byte != fill) || bytes.get(spare).is_some_and(|top| (top ^ fill) & 0x80 != 0) {
        return Err("holds a number with more digits than are read");
    }
    let start = if fill == 0 { 0 } else { -1 };
    Ok(bytes[spare..].iter().fold(start, |number, byte| number << 8 | i128::from(*byte)))
}

fn uuid(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
