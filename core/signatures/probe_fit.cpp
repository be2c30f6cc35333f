// SPDX-License-Identifier: GPL-3.0-or-later
// L-BFGS (Nocedal and Wright, algorithm 7.4): a Newton step would need (width x classes)^2 numbers.
#include "signatures/probe_fit_impl.h"

#include <cmath>
#include <deque>

namespace gradus::signatures {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

/// The loss at weights (flattened by column) and its gradient.
class Loss final
{
public:
    Loss(const MatrixXd& x_NF, const std::vector<int>& labels, int classes, double ridge)
        : m_x(x_NF), m_labels(labels), m_classes(classes), m_ridge(ridge / static_cast<double>(x_NF.rows()))
    {
    }

    double at(const VectorXd& flat, VectorXd& gradient) const
    {
        const Eigen::Index rows = m_x.rows();
        const Eigen::Map<const MatrixXd> weights(flat.data(), m_x.cols(), m_classes);
        MatrixXd p_NK = m_x * weights;
        double loss = 0;
        for (Eigen::Index i = 0; i < rows; ++i) {
            const double largest = p_NK.row(i).maxCoeff();
            const int label = m_labels[static_cast<std::size_t>(i)];
            const double own = p_NK(i, label) - largest;
            p_NK.row(i) = (p_NK.row(i).array() - largest).exp();
            const double sum = p_NK.row(i).sum();
            p_NK.row(i) /= sum;
            p_NK(i, label) -= 1; // becomes the loss's gradient by the logits
            loss += std::log(sum) - own;
        }
        MatrixXd slope = m_x.transpose() * p_NK / static_cast<double>(rows);
        const Eigen::Index biasless = m_x.cols() - 1;
        slope.topRows(biasless) += m_ridge * weights.topRows(biasless);
        gradient = Eigen::Map<const VectorXd>(slope.data(), slope.size());
        return loss / static_cast<double>(rows) + m_ridge / 2 * weights.topRows(biasless).squaredNorm();
    }

private:
    const MatrixXd& m_x;
    const std::vector<int>& m_labels;
    int m_classes;
    double m_ridge;
};

struct Step
{
    VectorXd moved;
    VectorXd turned; ///< change of the gradient
};

/// The two-loop recursion: an approximate inverse Hessian times the gradient.
VectorXd direction(const std::deque<Step>& memory, const VectorXd& gradient)
{
    VectorXd q = gradient;
    std::vector<double> alphas;
    for (auto step = memory.rbegin(); step != memory.rend(); ++step) {
        alphas.push_back(step->moved.dot(q) / step->moved.dot(step->turned));
        q -= alphas.back() * step->turned;
    }
    if (!memory.empty()) q *= memory.back().moved.dot(memory.back().turned) / memory.back().turned.squaredNorm();
    auto alpha = alphas.rbegin();
    for (const Step& step : memory) {
        const double beta = step.turned.dot(q) / step.moved.dot(step.turned);
        q += (*alpha++ - beta) * step.moved;
    }
    return -q;
}

} // namespace

MatrixXd fitSoftmax(const MatrixXd& x_NF, const std::vector<int>& labels, int classes, double ridge, int iterations)
{
    const Loss loss(x_NF, labels, classes, ridge);
    VectorXd weights = VectorXd::Zero(x_NF.cols() * classes);
    VectorXd gradient;
    double value = loss.at(weights, gradient);
    std::deque<Step> memory;
    for (int i = 0; i < iterations && gradient.lpNorm<Eigen::Infinity>() > 1e-6; ++i) {
        const VectorXd way = direction(memory, gradient);
        const double slope = way.dot(gradient);
        VectorXd next;
        VectorXd nextGradient;
        double nextValue = 0;
        bool lower = false;
        double length = 1;
        for (int halvings = 0; halvings < 34 && !lower; ++halvings) {
            next = weights + length * way;
            nextValue = loss.at(next, nextGradient);
            lower = nextValue <= value + 1e-4 * length * slope;
            length /= 2;
        }
        if (!lower) break; // at the limit of double precision
        Step step{next - weights, nextGradient - gradient};
        if (step.moved.dot(step.turned) > 1e-14) memory.push_back(std::move(step));
        if (memory.size() > 10) memory.pop_front();
        weights = next;
        gradient = nextGradient;
        value = nextValue;
    }
    return Eigen::Map<const MatrixXd>(weights.data(), x_NF.cols(), classes);
}

} // namespace gradus::signatures
