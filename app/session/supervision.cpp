#include "app/session/supervision.hpp"

namespace tactus {
namespace {

SupervisorOptions options_of(const std::string& run, const HeartbeatSpecification& heartbeat,
                             const PluginLibrary& library, int held) {
  SupervisorOptions options{.run = run,
                            .watch_stalls = !heartbeat.virtual_time,
                            .core = heartbeat.core,
                            .priority = heartbeat.priority,
                            .plugin_path = {},
                            .held = held};
  for (const std::filesystem::path& directory : library.directories())
    options.plugin_path.push_back(directory.string());
  return options;
}

}  // namespace

bool wants_supervisor(const HeartbeatSpecification& heartbeat, bool hardware) {
  if (heartbeat.supervisor != SupervisorUse::automatic) return heartbeat.supervisor == SupervisorUse::on;
  return hardware && !heartbeat.virtual_time;
}

RunSupervision::RunSupervision(const std::string& run, const HeartbeatSpecification& heartbeat, bool hardware,
                               const PluginLibrary& library, int held) {
  watches_ticks_ = !heartbeat.virtual_time;
  if (wants_supervisor(heartbeat, hardware)) supervisor_.emplace(options_of(run, heartbeat, library, held));
}

std::vector<kernel::Privilege> RunSupervision::privileges() const {
  return supervisor_ ? supervisor_->privileges() : std::vector<kernel::Privilege>();
}

void RunSupervision::prepare(const Program& program, const Specification& specification) {
  if (supervisor_) unguarded_ = supervisor_->prepare(plan_of(program, specification));
}

void RunSupervision::recordings(const std::vector<std::string>& files) {
  if (supervisor_) supervisor_->recordings(files);
}

void RunSupervision::watch_computer(const std::optional<WatchdogSpecification>& watchdog) {
  if (supervisor_ && watches_ticks_ && watchdog && watchdog->device)
    watchdog_timeout_s_ = supervisor_->watchdog(watchdog->device->text, watchdog->timeout_s);
}

void RunSupervision::effective(std::uint64_t program) noexcept {
  try {
    if (supervisor_) supervisor_->effective(program);
  } catch (const std::exception&) {
    return;
  }
}

void RunSupervision::withdrawn(std::uint64_t program) noexcept {
  try {
    if (supervisor_) supervisor_->withdrawn(program);
  } catch (const std::exception&) {
    return;
  }
}

}  // namespace tactus
