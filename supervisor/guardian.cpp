#include "supervisor/guardian.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>
#include <thread>

#include "engine/time_stamp.hpp"
#include "kernel/port/linux/rights.hpp"
#include "reporter/recover.hpp"
#include "supervisor/inherited.hpp"
#include "supervisor/stall_watch.hpp"

namespace tactus {
namespace {

using nlohmann::json;

constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t ns_per_s = 1'000'000'000;

void tell(const std::string& text) { std::fputs(("tactus: supervisor: " + text + "\n").c_str(), stderr); }

/// What ends a run must not end the one that watches it.
void ignore_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
}

/// The last one to be killed when memory is short; only root may ask for that.
void ask_to_be_spared() {
  const FileDescriptor file(open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  if (file.number() >= 0) static_cast<void>(!write(file.number(), "-1000", 5));
}

/// Two that spin on one core would be in each other's way.
void keep_off(int core) {
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) != 0 || core < 0 || core >= CPU_SETSIZE) return;
  CPU_CLR(static_cast<std::size_t>(core), &cores);
  if (CPU_COUNT(&cores) > 0) sched_setaffinity(0, sizeof cores, &cores);
}

void sleep_ns(std::int64_t ns) {
  const timespec time{ns / ns_per_s, ns % ns_per_s};
  nanosleep(&time, nullptr);
}

RecordingResult close_recording(const std::string& file, bool& was_open) {
  RecordingResult result{.file = file};
  try {
    if (file.ends_with(".h5") || file.ends_with(".hdf5")) {
      const Recovery recovery = recover(file);
      was_open = was_open || recovery.needed;
      result.rows_cut = recovery.rows_cut;
    }
    result.readable = true;
  } catch (const std::exception& error) {
    result.problem = error.what();
  }
  return result;
}

/// Where the report goes: beside the recording, or else into the current directory.
std::string report_base(const std::string& run, const std::vector<RecordingResult>& recordings) {
  if (recordings.empty()) return expand_file_name(run + "-%Y%m%dT%H%M%SZ", std::time(nullptr));
  const std::string& file = recordings.front().file;
  return file.substr(0, file.rfind('.'));
}

/// All of them, as far as they are to be.
bool outputs_are_safe(const Crash& crash) {
  return std::ranges::all_of(crash.outputs, [](const SafeResult& result) {
    return result.kind == SafeResult::Kind::safe || result.kind == SafeResult::Kind::held;
  });
}

}  // namespace

Guardian::Guardian()
    : socket_(FileDescriptor(inherited::socket)),
      pulse_(FileDescriptor(inherited::pulse)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_.number() < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

int Guardian::run() {
  socket_.send(begin(socket_.receive()));
  std::thread(&Guardian::serve, this).detach();  // it may hang in a plug-in; the process ends without it
  const End end = watch();
  if (end == End::dismissed) {
    release_watchdog();
    return 0;
  }
  Crash crash = confirm_death(end);
  if (crash.phase == PulsePhase::driving) make_safe(crash);
  if (outputs_are_safe(crash)) release_watchdog();
  privileges_.reset();  // what is urgent is done
  const bool was_open = close_recordings(crash);
  return crash.phase == PulsePhase::driving || was_open ? report(crash) : 0;
}

json Guardian::begin(const json& hello) {
  run_ = hello.at("run");
  pid_ = hello.at("pid");
  watch_stalls_ = hello.at("watch_stalls");
  engine_.emplace(FileDescriptor(inherited::engine), pid_);
  const std::vector<std::string> directories = hello.at("plugin_path");
  library_.emplace(std::vector<std::filesystem::path>(directories.begin(), directories.end()));
  if (!hello.at("core").is_null()) keep_off(hello.at("core"));
  const int priority = std::min(hello.at("priority").get<int>() + 1, 99);
  privileges_.emplace(kernel::LinuxOptions{.priority = priority, .dma_latency = false});
  kernel::give_up_rights(
      kernel::Rights::priorities);  // this thread lends its own to a process that has to die
  json privileges = json::array();
  for (const kernel::Privilege& privilege : privileges_->report()) {
    privileges.push_back({{"asked", "supervisor: " + privilege.asked},
                          {"granted", privilege.granted},
                          {"got", privilege.got},
                          {"remedy", privilege.remedy}});
  }
  return {{"ok", true}, {"privileges", std::move(privileges)}};
}

// ---- The thread that watches.

Guardian::End Guardian::watch() {
  StallWatch stalls;
  std::array<pollfd, 2> set{pollfd{engine_->descriptor(), POLLIN, 0}, pollfd{wake_.number(), POLLIN, 0}};
  while (true) {
    const std::optional<std::int64_t> ns = until_next_look();
    const timespec timeout{ns.value_or(0) / ns_per_s, ns.value_or(0) % ns_per_s};
    ppoll(set.data(), set.size(), ns ? &timeout : nullptr, nullptr);
    // acquire: pairs with the release of the thread that answers.
    if (dismissed_.load(std::memory_order_acquire)) return End::dismissed;
    if (engine_->dead()) return End::died;
    const std::int64_t limit = limit_ns_.load(std::memory_order_relaxed);  // a figure on its own
    if (!watch_stalls_ || limit == 0 || pulse_->phase() != PulsePhase::driving) continue;
    const std::uint64_t ticks = pulse_->ticks();
    if (stalls.look(monotonic_ns(), ticks, pulse_->tick_ns(), limit)) return End::stalled;
    next_look_ns_ = stalls.next_look_ns();
  }
}

/// None: there is nothing to look at, something will tell.
std::optional<std::int64_t> Guardian::until_next_look() const {
  if (!watch_stalls_ || pulse_->phase() == PulsePhase::released) return std::nullopt;
  constexpr std::int64_t while_idle = 50 * ns_per_ms;  // soon enough to see that it drives
  if (pulse_->phase() == PulsePhase::idle) return while_idle;
  return std::max<std::int64_t>(next_look_ns_ - monotonic_ns(), 0);
}

/// Nobody but this process writes outputs when it returns.
Crash Guardian::confirm_death(End end) {
  Crash crash{.run = run_, .pid = pid_};
  if (end == End::stalled) {
    crash.process_state = engine_->state();
    constexpr std::chrono::milliseconds last_breath{20};
    constexpr std::chrono::seconds usual{1};
    const bool dying = engine_->dying();
    if (!dying) crash.stalled_ns = monotonic_ns() - pulse_->tick_ns();
    if (dying) engine_->hasten();
    // One that dies by itself is left to it for a moment: a kill would hide what it dies of.
    const bool killed = (dying && engine_->wait(last_breath)) || engine_->kill();
    engine_->hasten();
    if (!killed || !engine_->wait(usual)) {
      tell("process " + std::to_string(pid_) + " of the run `" + run_ + "` has stalled and does not die of " +
           "SIGKILL. Its outputs are NOT SAFE: switch them off by hand");
      while (!engine_->wait(usual)) {
        engine_->kill();
        engine_->hasten();
      }
    }
  }
  crash.death = engine_->death();
  crash.phase = pulse_->phase();
  return crash;
}

void Guardian::make_safe(Crash& crash) {
  constexpr std::int64_t patience = 10 * ns_per_s;
  const std::lock_guard lock(mutex_);
  SafeWriting writing(plans_, pulse_->program());
  std::int64_t period = ns_per_ms;
  for (const auto& plan : plans_) period = std::max(period, plan->plan().period_ns);
  const std::int64_t end = monotonic_ns() + patience;
  while (!writing.attempt() && monotonic_ns() < end) sleep_ns(std::min(period, ns_per_s));
  crash.safe_after_ns = monotonic_ns() - pulse_->tick_ns();
  crash.outputs = writing.results();
}

/// Otherwise the computer restarts when the watchdog's time is over: that is all that can still be done.
void Guardian::release_watchdog() {
  const std::lock_guard lock(mutex_);
  if (watchdog_) watchdog_->release();
}

/// True if one was still open.
bool Guardian::close_recordings(Crash& crash) {
  const std::lock_guard lock(mutex_);
  bool was_open = false;
  for (const std::string& file : recordings_) crash.recordings.push_back(close_recording(file, was_open));
  return was_open;
}

int Guardian::report(const Crash& crash) {
  const std::lock_guard lock(mutex_);
  const auto ran = std::ranges::find(plans_, pulse_->program(),
                                     [](const auto& prepared) { return prepared->plan().program; });
  const json report = crash_json(crash, *pulse_, ran != plans_.end() ? &(*ran)->plan() : nullptr);
  tell(crash_line(report));
  for (const RecordingResult& file : crash.recordings) {
    tell(file.file +
         (file.readable ? ": complete but for the last moments, and readable" : ": " + file.problem));
  }
  try {
    for (const std::string& file : write_crash_report(report_base(run_, crash.recordings), report))
      tell("report: " + file);
  } catch (const std::exception& error) {
    tell(std::string("the report could not be written: ") + error.what() + "\n" + crash_text(report));
  }
  return 1;
}

// ---- The thread that answers.

void Guardian::serve() {
  kernel::give_up_rights();
  try {
    while (true) {
      const json request = socket_.receive();
      json reply;
      try {
        reply = answer(request);
      } catch (const std::exception& error) {
        reply = {{"ok", false}, {"error", error.what()}};
      }
      socket_.send(reply);
      if (!reply.value("leaves", false)) continue;
      // release: the reply is out before the process ends.
      dismissed_.store(true, std::memory_order_release);
      eventfd_write(wake_.number(), 1);
      return;
    }
  } catch (const std::exception&) {
    // The engine's process has closed its end or died. If it died, the other thread knows better what to do.
    return;
  }
}

json Guardian::answer(const json& request) {
  const std::string what = request.at("do");
  if (what == "prepare") return prepare(request.at("plan"));
  if (what == "bye") return {{"ok", true}, {"leaves", pulse_->phase() != PulsePhase::driving}};
  if (what == "recordings") {
    const std::lock_guard lock(mutex_);
    recordings_ = request.at("files").get<std::vector<std::string>>();
  } else if (what == "watchdog") {
    return open_watchdog(request);
  } else if (what == "effective" || what == "withdrawn") {
    forget(request.at("program"), what == "effective");
  } else {
    throw std::runtime_error("there is no request `" + what + "`");
  }
  return {{"ok", true}};
}

json Guardian::prepare(const json& plan) {
  const auto prepared = std::make_shared<const PreparedPlan>(safe_plan(plan), *library_);
  {
    const std::lock_guard lock(mutex_);
    plans_.push_back(prepared);
  }
  take_limit();
  return {{"ok", true}, {"unguarded", prepared->unguarded()}};
}

/// Fed as long as the engine ticks: in Fault and on a pause, too, where outputs are safe. Also before the
/// first tick, which may be as long in coming as it may be silent; and when the engine has released its
/// outputs and only completes its recordings.
json Guardian::open_watchdog(const json& request) {
  const auto is_well = [this, since = monotonic_ns()] {
    if (pulse_->phase() == PulsePhase::released) return true;
    const std::int64_t last = std::max(since, pulse_->tick_ns());
    return monotonic_ns() - last < limit_ns_.load(std::memory_order_relaxed);  // a figure on its own
  };
  WatchdogDevice device(request.at("device"), request.at("timeout_s"));
  const int timeout_s = device.timeout_s();
  const std::lock_guard lock(mutex_);
  watchdog_.emplace(std::move(device), is_well);
  return {{"ok", true}, {"timeout_s", timeout_s}};
}

/// The plan of one program, or those of all others.
void Guardian::forget(std::uint64_t program, bool others) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(plans_, [&](const auto& plan) { return (plan->plan().program == program) != others; });
  }
  take_limit();
}

void Guardian::take_limit() {
  const std::lock_guard lock(mutex_);
  std::int64_t limit = 0;
  for (const auto& plan : plans_) limit = std::max(limit, StallWatch::limit_for(plan->plan().period_ns));
  limit_ns_.store(limit, std::memory_order_relaxed);  // a figure on its own
}

int supervise() {
  for (int descriptor = inherited::socket; descriptor < inherited::end; ++descriptor) {
    if (fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0 && descriptor != inherited::held) {
      tell("this command is for `tactus run`, which starts it");
      return 2;
    }
  }
  ignore_signals();
  ask_to_be_spared();
  int status = 1;
  try {
    Guardian guardian;
    status = guardian.run();
    std::fflush(stderr);
    _exit(status);  // the thread that answers may still use what would be destroyed here
  } catch (const std::exception& error) {
    tell(error.what());
  }
  return status;
}

}  // namespace tactus
