// SPDX-License-Identifier: GPL-3.0-or-later
// Minimises the probe's convex loss; included by this room's sources alone.
#pragma once

#include <vector>

#include <Eigen/Core>

namespace gradus::signatures {

/// Weights (width + 1) x classes that minimise the mean cross-entropy of softmax(X W) plus ridge/(2 N) |W without its
/// last row|^2. x_NF holds a last column of ones; labels has N entries in 0..classes-1. L-BFGS with a memory of 10 and
/// backtracking; stops at a gradient below 1e-6 or after the given iterations.
Eigen::MatrixXd fitSoftmax(const Eigen::MatrixXd& x_NF, const std::vector<int>& labels, int classes, double ridge,
                           int iterations);

} // namespace gradus::signatures
