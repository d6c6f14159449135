#pragma once
// All that a plug-in needs.

#include "components/actuator/actuator.hpp"
#include "components/controller/controller.hpp"
#include "components/generator/generator.hpp"
#include "components/observer/observer.hpp"
#include "components/scanner/scanner.hpp"
#include "device/device.hpp"
