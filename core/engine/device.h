// SPDX-License-Identifier: GPL-3.0-or-later
// Where tensors live and how finely they count: the words of the command line, checked against this machine.
#pragma once

#include "base/result.h"

#include <string>

namespace gradus::engine {

enum class Precision
{
    Single,  ///< fp32 throughout
    Brain16, ///< passes in bf16; weights and moments that the optimiser keeps are fp32 (arXiv 1710.03740)
};
/// "fp32" or "bf16"; anything else is bad input.
Result<Precision> precisionOf(const std::string& name);

/// Models that the calling thread makes or opens from now on live there, in single precision; "cpu" at first. On a GPU,
/// products of matrices take TensorFloat-32: as transformers' Trainer with tf32 does. checkDevice must have passed.
void useDevice(const std::string& name);

/// The device on which the calling thread makes or opens models, as useDevice() takes it: "cpu", "cuda:0".
std::string deviceName();

/// What there is to train on, for `gradus doctor`.
struct GpuRow
{
    bool good = true; ///< false: a GPU is there and is not used as well as it could be
    std::string sentence;
};
GpuRow examineGpus();

/// Empty if "cpu", "cuda" or "cuda:N" is a device that this program can use here; else bad input that says what is
/// missing and what can be used.
Result<void> checkDevice(const std::string& name);

} // namespace gradus::engine
