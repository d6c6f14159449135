#include "app/cli/run_loop.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "app/cli/figures.hpp"
#include "app/control/replies.hpp"

namespace tactus::cli {

EndSignals::EndSignals() {
  // Nobody reads what is said, or a file may not grow any more: no reason to die with outputs live.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  descriptor_ = FileDescriptor(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (descriptor_.number() < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

void EndSignals::take() const {
  signalfd_siginfo signal{};
  while (read(descriptor_.number(), &signal, sizeof signal) == sizeof signal) {
  }
}

void RunLoop::run() {
  std::vector<pollfd> set;
  while (!session_.ended()) {
    set.assign({{signals_.descriptor(), POLLIN, 0},
                {session_.end_descriptor(), POLLIN, 0},
                {session_.supervisor_descriptor(), POLLIN, 0}});
    server_.add_to(set);
    poll(set.data(), set.size(), patience());
    if (set[0].revents != 0) {
      signals_.take();
      session_.stop();
    }
    server_.serve(set);
    commands_.proceed();
    if (session_.lose_supervisor()) {
      console_.error(
          "the supervisor is gone: nothing makes outputs safe if this process dies, so they go safe now");
    }
    tell_fault();
    tell_recording_problem();
    show_progress();
    tell_manager();
  }
  manager_.stopping();
}

/// Milliseconds until there may be something to do that no descriptor tells of.
int RunLoop::patience() const {
  constexpr int under_way = 1;   // something waits for a beat to take effect
  constexpr int progress = 200;  // the pace of the progress line
  if (commands_.busy()) return under_way;
  return manager_.pace() ? std::min(progress, static_cast<int>(manager_.pace()->count())) : progress;
}

void RunLoop::tell_fault() {
  if (const control::Json interlock = control::last_interlock(session_); interlock != told_interlock_) {
    told_interlock_ = interlock;
    if (!interlock.is_null()) console_.warning(interlock_text(interlock));
  }
  const control::Json fault = control::last_fault(session_);
  if (fault == told_) return;
  told_ = fault;
  console_.error(fault_text(fault) + "; outputs go safe");
}

/// That it lives is said only while there are ticks: a manager that restarts the run when it hears nothing is
/// to do so for the beat, not for this thread.
void RunLoop::tell_manager() {
  if (session_.status().state() == EngineState::stopping) manager_.stopping();
  if (session_.ticks()) manager_.alive();
  if (manager_.wants_status()) manager_.status(progress_line(control::status_reply(session_)));
}

/// When it happens; it is said once more at the end, which may be days away.
void RunLoop::tell_recording_problem() {
  const std::string problem = session_.reporter().failed();
  if (problem == told_recording_problem_) return;
  told_recording_problem_ = problem;
  console_.error(problem + "; the run goes on, and this is not recorded any more");
}

void RunLoop::show_progress() {
  if (console_.shows_progress()) console_.progress(progress_line(control::status_reply(session_)));
}

}  // namespace tactus::cli
