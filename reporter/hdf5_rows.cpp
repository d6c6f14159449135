#include "reporter/hdf5_rows.hpp"

#include <cstddef>
#include <type_traits>

namespace tactus::hdf5 {
namespace {

class Compound {
 public:
  explicit Compound(std::size_t bytes) : type_(H5Tcreate(H5T_COMPOUND, bytes), H5Tclose, "row type") {}

  Compound& uint64(const char* name, std::size_t offset) { return insert(name, offset, H5T_NATIVE_UINT64); }
  Compound& int64(const char* name, std::size_t offset) { return insert(name, offset, H5T_NATIVE_INT64); }
  Compound& float64(const char* name, std::size_t offset) { return insert(name, offset, H5T_NATIVE_DOUBLE); }
  Compound& text(const char* name, std::size_t offset, std::size_t bytes) {
    const Id type(H5Tcopy(H5T_C_S1), H5Tclose, name);
    check(H5Tset_size(type, bytes), name);
    check(H5Tset_strpad(type, H5T_STR_NULLPAD), name);
    check(H5Tset_cset(type, H5T_CSET_UTF8), name);
    return insert(name, offset, type);
  }
  Id take() { return std::move(type_); }

 private:
  Compound& insert(const char* name, std::size_t offset, hid_t type) {
    check(H5Tinsert(type_, name, offset, type), name);
    return *this;
  }
  Id type_;
};

template <std::size_t n>
std::string_view text_of(const char (&from)[n]) {
  return {from, strnlen(from, n)};
}

static_assert(sizeof(EventRow) == 264 && sizeof(TimingRow) == 32 && sizeof(ProgramRow) == 48);
static_assert(sizeof(StepRow) == 96 && sizeof(BucketRow) == 80 && sizeof(WorstBeatRow) == 80);

}  // namespace

Id event_type() {
  return Compound(sizeof(EventRow))
      .uint64("beat", offsetof(EventRow, beat))
      .int64("time", offsetof(EventRow, time))
      .float64("value", offsetof(EventRow, value))
      .text("kind", offsetof(EventRow, kind), sizeof(EventRow::kind))
      .text("component", offsetof(EventRow, component), sizeof(EventRow::component))
      .text("signal", offsetof(EventRow, signal), sizeof(EventRow::signal))
      .text("text", offsetof(EventRow, text), sizeof(EventRow::text))
      .take();
}

Id timing_type() {
  return Compound(sizeof(TimingRow))
      .uint64("beat", offsetof(TimingRow, beat))
      .int64("time", offsetof(TimingRow, time))
      .int64("monotonic", offsetof(TimingRow, monotonic))
      .int64("utc", offsetof(TimingRow, utc))
      .take();
}

Id program_type() {
  return Compound(sizeof(ProgramRow))
      .uint64("program", offsetof(ProgramRow, program))
      .uint64("beat", offsetof(ProgramRow, beat))
      .int64("time", offsetof(ProgramRow, time))
      .uint64("epoch", offsetof(ProgramRow, epoch))
      .uint64("offset", offsetof(ProgramRow, offset))
      .uint64("length", offsetof(ProgramRow, length))
      .take();
}

Id step_type() {
  return Compound(sizeof(StepRow))
      .uint64("program", offsetof(StepRow, program))
      .text("component", offsetof(StepRow, component), sizeof(StepRow::component))
      .uint64("count", offsetof(StepRow, count))
      .float64("p50", offsetof(StepRow, p50))
      .float64("p99", offsetof(StepRow, p99))
      .float64("p999", offsetof(StepRow, p999))
      .float64("max", offsetof(StepRow, max))
      .take();
}

Id bucket_type() {
  return Compound(sizeof(BucketRow))
      .uint64("program", offsetof(BucketRow, program))
      .text("component", offsetof(BucketRow, component), sizeof(BucketRow::component))
      .float64("from", offsetof(BucketRow, from))
      .float64("to", offsetof(BucketRow, to))
      .uint64("count", offsetof(BucketRow, count))
      .take();
}

Id worst_beat_type() {
  return Compound(sizeof(WorstBeatRow))
      .uint64("program", offsetof(WorstBeatRow, program))
      .uint64("beat", offsetof(WorstBeatRow, beat))
      .text("component", offsetof(WorstBeatRow, component), sizeof(WorstBeatRow::component))
      .float64("latency", offsetof(WorstBeatRow, latency))
      .float64("duration", offsetof(WorstBeatRow, duration))
      .take();
}

EventRow event_row(const EngineEvent& event) {
  EventRow row{.beat = event.beat,
               .time = event.time_ns,
               .value = event.value,
               .kind = {},
               .component = {},
               .signal = {},
               .text = {}};
  set_text(row.kind, to_string(event.kind));
  set_text(row.component, text_of(event.component));
  set_text(row.signal, text_of(event.signal));
  set_text(row.text, text_of(event.text));
  return row;
}

}  // namespace tactus::hdf5
